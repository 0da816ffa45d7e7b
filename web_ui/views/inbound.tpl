% rebase('base.tpl', title=_('Incoming calls'))
% counts = told['counts']
<div class="head"><h1>{{_('Incoming calls')}}</h1></div>
<p class="intro">{{_('Who called the office. Missed calls stay here until somebody has seen to them.')}}</p>
<nav class="row" aria-label="{{_('Show')}}">
% for key, text in names.SHOWN.items():
  <a class="button small" href="/calls/inbound?show={{key}}&amp;{{query}}"{{' aria-current=page' if key == show else ''}}>{{_(text)}} <span class="muted">{{L.number(counts[key])}}</span></a>
% end
</nav>
% offered = [('rule', _('Queue'), {each: each for each in told['rules']}, rule), ('campaign', _('Campaign'), campaigns, chosen['campaign_id']), ('list', _('Contact list'), lists, chosen['contact_list_id'])]
% offered = [each for each in offered if each[2]]
% if offered:
<form method="get" action="/calls/inbound" class="row align-end gap-top"><input type="hidden" name="show" value="{{show}}">
% for field, text, options, at in offered:
  <div class="field"><label for="f-{{field}}">{{text}}</label><select id="f-{{field}}" name="{{field}}">
    <option value="">{{_('All')}}</option>
% for key, name in options.items():
    <option value="{{key}}"{{' selected' if at == key else ''}}>{{name}}</option>
% end
  </select></div>
% end
  <button>{{_('Show')}}</button>
</form>
% end
% if not told['rows']:
<p class="empty gap-top">{{_('No call here.')}} {{_('Who takes calls that come in is set with [[inbound]] in the settings file.') if not told['rules'] else ''}}</p>
% else:
<div class="card flush scroll gap-top" tabindex="0" role="region" aria-label="{{_('Incoming calls')}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Caller')}}</th><th scope="col">{{_('What became of it')}}</th><th scope="col" class="wide-only">{{_('Number called')}}</th><th scope="col" class="wide-only">{{_('Agent')}}</th></tr></thead>
  <tbody>
% for each in told['rows']:
  <tr><th scope="row"><a href="/calls/inbound/{{each['uid']}}">{{L.moment(each['offered_at'])}}</a></th>
  <td>{{names.caller(each, L)}}
% if each['name'] and each['caller']:
    <p class="hint">{{L.phone(each['caller'])}}</p>
% end
% if each['list']:
    <p class="hint">{{each['list']}}</p>
% end
  </td>
  <td>{{names.outcome(each, L)}}
% if each['disposition']:
    <p class="hint">{{words.word(words.DISPOSITIONS, each['disposition'], L)}}\\
% if each['note']:
: <span class="note-text">{{each['note']}}</span>\\
% end
</p>
% end
% if each['promise_id']:
    <p class="hint"><a href="/callbacks/{{each['promise_id']}}">{{_('Callback')}}</a></p>
% elif calls_back and names.can_call_back(each):
    <form method="post" action="/calls/inbound/{{each['uid']}}/call_back"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small">{{_('Call back')}}<span class="sr"> {{names.caller(each, L)}}</span></button></form>
% end
  </td><td class="wide-only">{{L.phone(each['number_called']) if each['number_called'] else '–'}}</td><td class="wide-only">{{each['agent'] or '–'}}</td></tr>
% end
  </tbody>
</table></div>
% if told['pages'] > 1:
<nav class="pages" aria-label="{{_('Pages')}}">
% if told['page'] > 1:
  <a class="button small" href="/calls/inbound?page={{told['page'] - 1}}&amp;show={{show}}&amp;{{query}}" rel="prev">{{_('Back')}}</a>
% else:
  <span></span>
% end
  <span class="muted">{{_('Page {page} of {pages}', page=L.number(told['page']), pages=L.number(told['pages']))}}</span>
% if told['page'] < told['pages']:
  <a class="button small" href="/calls/inbound?page={{told['page'] + 1}}&amp;show={{show}}&amp;{{query}}" rel="next">{{_('Next')}}</a>
% else:
  <span></span>
% end
</nav>
% end
% end
% if hours:
<section class="card gap-top" aria-labelledby="hours-title"><h2 id="hours-title">{{_('By the hour, last 30 days')}}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="hours-title"><table class="rows">
  <thead><tr><th scope="col">{{_('Hour')}}</th><th scope="col" class="figure">{{_('Answered')}}</th><th scope="col" class="figure">{{_('Missed calls')}}</th></tr></thead>
  <tbody>
% for each in hours:
  <tr><th scope="row">{{'%02d:00' % each['hour']}}</th><td class="figure">{{L.number(each['answered'])}}</td><td class="figure">{{L.number(each['missed'])}}</td></tr>
% end
  </tbody>
</table></div></section>
% end
