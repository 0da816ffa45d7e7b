% rebase('base.tpl', title=_('Attempt'))
% a, p = attempt, attempt.permit
<div class="head">
  <p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{a.campaign_id}}">{{campaign.settings.name if campaign else a.campaign_id}}</a></p>
  <h1>{{a.name or L.phone(a.number)}}</h1>
% if a.disposition:
% include('live/state.tpl', state=str(a.disposition), icon='check', word=words.word(words.DISPOSITIONS, a.disposition, L))
% else:
% include('live/state.tpl', state=str(a.state), icon='phone', word=words.word(words.ATTEMPT_STATES, a.state, L))
% end
</div>
<div class="dashboard">
<section class="card half" aria-labelledby="what">
  <div class="row apart"><h2 id="what">{{_('What happened')}}</h2>
% if may('story'):
<a class="button small" href="/attempts/{{a.uid}}/story">{{_('Story')}}</a>
% end
</div>
  <ol class="story">
% for at, text in ((a.started_at, _('Dialled')), (a.ringing_at, _('Ringing')), (a.answered_at, _('Answered')), (a.verdict.at if a.verdict else None, _('Recognised: {verdict}', verdict=words.word(words.VERDICTS, a.verdict.label, L)) if a.verdict else ''), (a.talking_at, _('Connected with {agent}', agent=names.get(a.user_id, '?'))), (a.correction.at if a.correction else None, _('Corrected: {verdict}', verdict=words.word(words.VERDICTS, a.correction.label, L)) if a.correction else ''), (a.message.began_at if a.message else None, _('A message is being left')), (a.ended_at, _('Ended by {side}: {cause}', side=words.word(words.SIDES, a.ended_by, L), cause=words.word(words.HANGUP_CAUSES, a.hangup_cause, L))), (a.disposed_at, _('Result: {result}', result=words.word(words.DISPOSITIONS, a.disposition, L)))):
% if at:
    <li><time>{{L.time(at)}}</time> <span>{{text}}</span></li>
% end
% end
  </ol>
  <dl class="facts">
% if a.wrap_up_code:
    <dt>{{_('Wrap-up code')}}</dt><dd>{{next((c.label_de if L.code == 'de' else c.label_en for c in (campaign.settings.wrap_up_codes if campaign else ()) if c.code == a.wrap_up_code), a.wrap_up_code)}}</dd>
% end
% if a.note:
    <dt>{{_('Note')}}</dt><dd class="note-text">{{a.note}}</dd>
% end
% for each in a.answers:
    <dt>{{each.label}}</dt><dd class="note-text">{{answer_words({'value': each.value}, L)}}</dd>
% end
% for each in edits:
    <dt>{{_('Changed at the desk')}}</dt><dd class="note-text">{{_('Name') if each.field == '@name' else each.field}}: {{each.old or '–'}} → {{each.new or '–'}} <span class="muted">{{each.by}}, {{L.time(each.at)}}</span></dd>
% end
% if a.verdict:
    <dt>{{_('Verdict')}}</dt><dd>{{words.word(words.VERDICTS, a.verdict.label, L)}}, {{_('{share} sure', share=L.percent(a.verdict.confidence))}}</dd>
% end
% if a.correction:
    <dt>{{_('Corrected')}}</dt><dd>{{words.word(words.VERDICTS, a.correction.label, L)}}, {{detection.cause(a.correction.cause, L)}} <span class="muted">{{L.time(a.correction.at)}}</span></dd>
% end
% if a.answer_method:
    <dt>{{_('Answer noticed by')}}</dt><dd>{{words.word(words.ANSWER_METHODS, a.answer_method, L)}} <span class="muted">({{words.word(words.ANSWER_CONFIDENCES, a.answer_confidence, L)}})</span></dd>
% end
% if a.early_cause:
    <dt>{{_('Heard before the answer')}}</dt><dd>{{detection.cause(a.early_cause, L)}}</dd>
% end
% if a.audited:
    <dt>{{_('Audit')}}</dt><dd>{{_('drawn to check the verdict: an agent heard this machine')}}</dd>
% end
% if a.message:
    <dt>{{_('Message for the machine')}}</dt><dd>{{detection.message(a.message, L)}}</dd>
% end
% if a.sip_code:
    <dt>{{_('SIP status')}}</dt><dd>{{a.sip_code}}</dd>
% end
% for each in fired:
    <dt>{{_('Rule')}}</dt><dd>{{each.rule}}: \\
% for at, action in enumerate(each.did):
{{', ' if at else ''}}{{order_forms.action_words(action, lists, L)}}{{' ' + _('(could not be done)') if action.get('not_done') else ''}}\\
% end
</dd>
% end
    <dt>{{_('Recording')}}</dt><dd>{{_('recorded') if a.recording or company.tapes else _('not recorded')}}</dd>
    <dt>{{_('Number of the attempt')}}</dt><dd><code>{{a.uid}}</code></dd>
  </dl>
</section>
<section class="card half" aria-labelledby="permit">
  <div class="row apart"><h2 id="permit">{{_('Permit: why this call was allowed')}}</h2><a class="button small" href="/attempts/{{a.uid}}/permit.pdf"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('PDF')}}</a></div>
  <dl class="facts">
    <dt>{{_('Decided')}}</dt><dd>{{L.moment(p.decided_at)}}</dd>
    <dt>{{_('Number')}}</dt><dd class="number">{{L.phone(p.number)}}</dd>
    <dt>{{_('Number shown')}}</dt><dd class="number">{{L.phone(p.caller_id) or _('as the trunk does')}}</dd>
    <dt>{{_('Local time of the contact')}}</dt><dd>{{L.there(p.local_time)}} <span class="muted">{{p.zone}}</span></dd>
    <dt>{{_('Call window')}}</dt><dd>{{L.window(p.window)}}</dd>
% if p.term:
    <dt>{{_('Term of the campaign')}}</dt><dd>{{term_words.kept(p.term, L)}}</dd>
% end
    <dt>{{_('DNC lists asked')}}</dt><dd>\\
% for name, version in p.dnc_lists.items():
<span class="line">{{_('{name}, version {version}: not listed', name=words.dnc_name(name, L), version=L.number(version))}}</span>\\
% end
</dd>
    <dt>{{_('Public holidays')}}</dt><dd>{{_('none that day in {places}', places=p.regions) if p.regions else _('not asked by these rules')}} <span class="muted">{{p.holiday_table}}</span></dd>
    <dt>{{_('Consent')}}</dt><dd>\\
% for kept in p.consent.values():
<span class="line">{{_('{source}, {moment}: “{wording}”', source=kept['source'], moment=L.moment(kept['given_at']), wording=kept['wording'])}}</span>\\
% end
% if not p.consent:
{{_('no record needed by these rules')}}\\
% end
</dd>
    <dt>{{_('Attempts before')}}</dt><dd>\\
% for period, text in rule_words.PERIODS.items():
% if period in p.counters:
<span class="line">{{_(text, count=L.number(p.counters[period]))}}\\
% if period in p.limits:
 <span class="muted">{{_('allowed: {limit}', limit=L.number(p.limits[period]))}}</span>\\
% end
</span>\\
% end
% end
% if not p.counters:
{{L.number(p.attempts_before)}}\\
% end
</dd>
    <dt>{{_('Last attempt')}}</dt><dd>{{L.moment(p.last_attempt_at) if p.last_attempt_at else _('none so far')}}</dd>
    <dt>{{_('Rules')}}</dt><dd>\\
% if p.pack:
<a href="/rules?pack={{p.pack.split(' ')[0]}}">{{p.pack}}</a>, \\
% end
{{p.rule_version}}</dd>
% if chain:
    <dt>{{_('Asked again')}}</dt><dd>{{_(rule_words.AGAIN.get(chain['again'], rule_words.AGAIN['other']))}}</dd>
% if chain['link']:
    <dt>{{_('Place in the chain')}}</dt><dd>{{_('{number} of {head}', number=L.number(chain['link']['seq']), head=L.number(chain['head']['seq']))}} <code>{{chain['link']['hash'][:16]}}…</code></dd>
% end
% end
  </dl>
  <p class="hint gap-top"><a href="/why?number={{p.number.replace('+', '%2B')}}">{{_('May this number be called now, and if not, why?')}}</a></p>
</section>
% if company.steps or company.monitors or company.tapes:
% include('attempt_company.tpl')
% end
% if a.verdict:
% include('attempt_word.tpl')
% end
</div>
