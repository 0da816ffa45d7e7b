% rebase('base.tpl', title=_('Callbacks'))
% counts = told['counts']
<div class="head"><h1>{{_('Callbacks')}}</h1>
% if office:
<a class="button" href="/callbacks/csv?show={{show}}&amp;owner={{owner}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('As a table (CSV)')}}</a>
% else:
<a class="button" href="/desk">{{_('Back to the desk')}}</a>
% end
</div>
<p class="intro">{{_('Every callback is a promise: it is called at its time, by the agent who gave it or by the team, and it stays on record whether it was kept.')}}</p>
<nav class="row" aria-label="{{_('Show')}}">
% for key, text in names.SHOWN.items():
  <a class="button small" href="/callbacks?show={{key}}&amp;owner={{owner}}"{{' aria-current=page' if key == show else ''}}>{{_(text)}} <span class="muted">{{L.number(counts[key])}}</span></a>
% end
</nav>
% if office and told['agents']:
<form method="get" action="/callbacks" class="row align-end gap-top"><input type="hidden" name="show" value="{{show}}">
  <div class="field"><label for="f-owner">{{_('Whose')}}</label><select id="f-owner" name="owner">
    <option value="">{{_('Everybody’s')}}</option>
    <option value="team"{{' selected' if owner == 'team' else ''}}>{{_('Team')}}</option>
% for agent in told['agents']:
    <option value="{{agent['id']}}"{{' selected' if owner == str(agent['id']) else ''}}>{{agent['name']}}</option>
% end
  </select></div>
  <button>{{_('Show')}}</button>
</form>
% end
% if not told['rows']:
<p class="empty gap-top">{{_('No callback here.')}} {{_('An agent promises one with the result “Callback” after a talk.') if not counts['all'] else ''}}</p>
% else:
<div class="card flush scroll gap-top" tabindex="0" role="region" aria-label="{{_('Callbacks')}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Promised for')}}</th><th scope="col">{{_('Whom')}}</th><th scope="col">{{_('Whose')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="wide-only">{{_('Campaign')}}</th></tr></thead>
  <tbody>
% for each in told['rows']:
% local = names.there(each, each['promised_at'], L)
  <tr><th scope="row"><a href="/callbacks/{{each['id']}}">{{L.moment(each['promised_at'])}}</a>
% if local:
    <p class="hint">{{_('There: {moment}', moment=local)}}</p>
% end
  </th><td>{{each['name'] or L.phone(each['number']) or _('Contact deleted')}}</td><td>{{names.whose(each, L)}}</td>
  <td>{{words.word(names.SHOWN, 'late' if each['late'] else each['state'], L)}}
% if each['state'] == 'open' and each['due_at'] > each['promised_at']:
    <p class="hint">{{_('Next call: {moment}', moment=L.moment(each['due_at']))}}</p>
% end
% if each['state'] == 'open' and each['campaign_state'] != 'running':
    <p class="hint">{{_('The campaign is not running.')}}</p>
% end
  </td><td class="wide-only">{{each['campaign']}}</td></tr>
% end
  </tbody>
</table></div>
% if told['pages'] > 1:
<nav class="pages" aria-label="{{_('Pages')}}">
% if told['page'] > 1:
  <a class="button small" href="/callbacks?page={{told['page'] - 1}}&amp;show={{show}}&amp;owner={{owner}}" rel="prev">{{_('Back')}}</a>
% else:
  <span></span>
% end
  <span class="muted">{{_('Page {page} of {pages}', page=L.number(told['page']), pages=L.number(told['pages']))}}</span>
% if told['page'] < told['pages']:
  <a class="button small" href="/callbacks?page={{told['page'] + 1}}&amp;show={{show}}&amp;owner={{owner}}" rel="next">{{_('Next')}}</a>
% else:
  <span></span>
% end
</nav>
% end
% end
% if office and told['figures']:
<section class="card gap-top" aria-labelledby="kept-title"><h2 id="kept-title">{{_('Kept and missed, last 30 days')}}</h2>
<div class="scroll" tabindex="0"><table class="rows">
  <thead><tr><th scope="col">{{_('Whose')}}</th><th scope="col" class="figure">{{_('Kept')}}</th><th scope="col" class="figure">{{_('Missed')}}</th><th scope="col" class="figure">{{_('Passed on')}}</th><th scope="col" class="figure">{{_('Open')}}</th><th scope="col" class="figure">{{_('Late')}}</th></tr></thead>
  <tbody>
% for each in told['figures']:
  <tr><th scope="row">{{each['name'] or _('Team')}}</th>
% for name in ('kept', 'missed', 'passed_on', 'open', 'late'):
  <td class="figure">{{L.number(each[name])}}</td>
% end
  </tr>
% end
  </tbody>
</table></div></section>
% end
% if rules:
<section class="card form gap-top" aria-labelledby="rules-title"><h2 id="rules-title">{{_('How promises are kept')}}</h2>
<form method="post" action="/callbacks/rules" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% whole = {'type': 'number', 'required': '', 'step': '1'}
% for name, text, least in (('grace_s', _('Kept if called no later than'), 1), ('team_after_s', _('To the team if the agent is away'), 0), ('away_after_s', _('Away is who pauses for longer than'), 0), ('busy_after_s', _('To the team if the agent does not come to it'), 0), ('again_s', _('Called again if nobody was reached after'), 1)):
% include('field.tpl', name=name, label=text, value=str(int(rules[name] / 60)), type='number', more={'required': '', 'min': str(least), 'step': '1'}, unit=_('minutes'))
% end
% include('field.tpl', name='tries', label=_('Calls at one promise'), value=str(rules['tries']), type='number', more={'required': '', 'min': '1', 'max': '9'}, unit='')
  <div><button class="primary">{{_('Save')}}</button></div>
</form></section>
% end
