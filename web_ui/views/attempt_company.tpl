<section class="card" aria-labelledby="company-title">
  <h2 id="company-title">{{_('Who else was in this call')}}</h2>
  <ol class="story">
% for step in company.steps:
    <li><time>{{L.moment(step.at)}}</time> <span>{{company.names.get(step.user_id, '')}} {{words.word(words.CALL_STEPS, step.what, L)}} {{step.about}}</span></li>
% end
  </ol>
% if company.tapes:
  <h3 class="sub">{{_('Recording')}}</h3>
% if may('tapes'):
  <p><a class="button small" href="/calls/recorded?call={{company.tapes[0].file[:26]}}">{{_('Listen to it')}}</a></p>
% end
  <ul>
% for piece in company.tapes:
    <li>{{L.moment(piece.began_at)}}\\
% if piece.ended_at:
, {{ngettext('{count} second', '{count} seconds', round(piece.ended_at - piece.began_at))}}: {{words.word(words.TAPE_ENDS, piece.why, L)}}\\
% end
</li>
% end
  </ul>
% end
% if company.parts:
  <dl class="facts">
% for part in company.parts:
    <dt>{{part.name}}</dt><dd>{{L.moment(part.asked_at)}}\\
% if part.result:
 · {{words.word(words.PARTY_RESULTS, part.result, L)}}\\
% end
% if part.wrap_up_code:
 · {{_('Result: {code}', code=part.wrap_up_code)}}\\
% end
% if part.note:
 · {{part.note}}\\
% end
</dd>
% end
  </dl>
% end
% if company.monitors:
  <h3 class="sub">{{_('Supervisors who took part')}}</h3>
  <ul>
% for each in company.monitors:
    <li>{{L.moment(each.began_at)}}: {{company.names.get(each.user_id, '')}}, {{words.word(words.MONITORING, each.kind, L)}}\\
% if each.ended_at:
, {{ngettext('{count} second', '{count} seconds', round(each.ended_at - each.began_at))}}\\
% end
</li>
% end
  </ul>
% end
</section>
