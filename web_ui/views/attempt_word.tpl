<section class="card" aria-labelledby="word-title"><h2 id="word-title">{{_('Was the verdict right?')}}</h2>
  <p class="hint">{{_('The machine detection said: {verdict}, because: {cause}.', verdict=words.word(words.VERDICTS, attempt.verdict.label, L), cause=detection.cause(attempt.verdict.cause, L))}}</p>
% if said:
  <ol class="story">
% for each in said:
    <li><time>{{L.moment(each.at)}}</time> <span>{{names.get(each.user_id, '?')}}: {{_(detection.SAID[each.said])}} <span class="muted">({{_(detection.HOW[each.how])}})</span></span></li>
% end
  </ol>
% end
  <form method="post" action="/attempts/{{attempt.uid}}/word" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% for key, text in (('machine', _('That was a machine')), ('person', _('That was a person'))):
    <button name="said" value="{{key}}">{{text}}</button>
% end
  </form>
</section>
