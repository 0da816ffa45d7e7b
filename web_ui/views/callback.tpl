% rebase('base.tpl', title=_('Callback'))
% local = names.there(each, each['promised_at'], L)
% whom = each['name'] or L.phone(each['number']) or _('Contact deleted')
<div class="head"><h1>{{_('Callback: {whom}', whom=whom)}}</h1><a class="button" href="/callbacks">{{_('All callbacks')}}</a></div>
<section class="card" aria-label="{{_('Callback')}}">
<dl class="facts">
  <dt>{{_('Promised for')}}</dt><dd>{{L.moment(each['promised_at'])}}
% if local:
    <p class="hint">{{_('There: {moment}', moment=local)}}</p>
% end
  </dd>
  <dt>{{_('State')}}</dt><dd>{{words.word(names.SHOWN, 'late' if each['late'] else each['state'], L)}}</dd>
% if each['law']:
  <dt>{{_('Moved by the law')}}</dt><dd>{{_('{rule}; possible from {moment}', rule=names.cause(each['law'], L), moment=L.moment(each['lawful_at']))}}</dd>
% end
% if each['state'] == 'open':
  <dt>{{_('Next call')}}</dt><dd>{{L.moment(each['due_at'])}}{{'' if each['campaign_state'] == 'running' else ' · ' + _('The campaign is not running.')}}</dd>
% end
  <dt>{{_('Whose')}}</dt><dd>{{names.whose(each, L)}}</dd>
  <dt>{{_('Promised by')}}</dt><dd>{{each['made_by_name'] or '–'}}, {{L.moment(each['made_at'])}}</dd>
  <dt>{{_('Number')}}</dt><dd class="number">{{L.phone(each['number'])}}</dd>
  <dt>{{_('Campaign')}}</dt><dd>{{each['campaign']}}</dd>
% if each['note']:
  <dt>{{_('Note')}}</dt><dd>{{each['note']}}</dd>
% end
</dl>
% if office and each['attempt_there']:
<p class="gap-top"><a href="/attempts/{{each['attempt_uid']}}">{{_('The call it was promised in')}}</a></p>
% end
</section>
% if each['state'] == 'open':
<section class="card form gap-top" aria-labelledby="move-title"><h2 id="move-title">{{_('Promise another time')}}</h2>
<form method="post" action="/callbacks/{{each['id']}}/move" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="version" value="{{each['version']}}">
  <div class="field"><label for="f-day">{{_('Day')}}</label><input id="f-day" type="date" name="day" required></div>
  <div class="field"><label for="f-time">{{_('Time')}}</label><input id="f-time" type="time" name="time" required></div>
  <button>{{_('Move')}}</button>
</form><p class="hint">{{_('By the clock of the office.')}}</p></section>
<section class="card form gap-top" aria-labelledby="pass-title"><h2 id="pass-title">{{_('Pass on')}}</h2>
<form method="post" action="/callbacks/{{each['id']}}/assign" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="version" value="{{each['version']}}">
% if office:
  <div class="field"><label for="f-owner">{{_('To')}}</label><select id="f-owner" name="owner"><option value="">{{_('Team')}}</option>
% for agent in told['agents']:
    <option value="{{agent['id']}}"{{' selected' if agent['id'] == each['owner'] else ''}}>{{agent['name']}}</option>
% end
  </select></div>
  <button>{{_('Pass on')}}</button>
% else:
  <button>{{_('To the team')}}</button>
% end
</form></section>
% if office:
<section class="card form gap-top" aria-labelledby="withdraw-title"><h2 id="withdraw-title">{{_('Withdraw')}}</h2>
<form method="post" action="/callbacks/{{each['id']}}/withdraw" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="version" value="{{each['version']}}">
% include('field.tpl', name='why', label=_('Why (may be empty)'), value='', more={'maxlength': '200'}, width='grow')
  <button class="danger">{{_('Withdraw')}}</button>
</form></section>
% end
% end
<section class="card gap-top" aria-labelledby="history-title"><h2 id="history-title">{{_('What happened')}}</h2>
<ol class="story">
% for entry in told['entries']:
  <li><time>{{L.moment(entry['at'])}}</time> <span>{{words.word(names.ACTS, entry['act'], L)}}\\
% if entry['cause']:
: {{names.cause(entry['cause'], L)}}\\
% end
 · {{entry['by'] or _('the box')}}\\
% if entry['act'] in ('made', 'passed_to', 'moved'):
 · {{_('{owner}, for {moment}', owner=entry['owner'] or _('Team'), moment=L.moment(entry['promised_at']))}}\\
% elif entry['act'] in ('postponed', 'tried', 'reopened'):
 · {{_('next call {moment}', moment=L.moment(entry['due_at']))}}\\
% end
</span></li>
% end
</ol></section>
