% rebase('base.tpl', title=_('Recorded calls'))
<div class="head"><h1>{{_('Recorded calls')}}</h1></div>
<p class="intro">{{_('Whoever listens to a recording or takes it along is put on record in the log of changes. Recordings are kept for {days} days, then they are deleted by themselves.', days=L.number(days))}}</p>
% if mistake:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{mistake}}</p></div>
% end
<form method="get" action="/calls/recorded" class="card form row align-end">
  <div class="field"><label for="f-day">{{_('Day')}}</label><input id="f-day" name="day" type="date" value="{{given['day']}}"></div>
  <div class="field"><label for="f-campaign">{{_('Campaign')}}</label><select id="f-campaign" name="campaign"><option value="">{{_('All')}}</option>
% for key, name in campaigns.items():
    <option value="{{key}}"{{' selected' if given['campaign'] == str(key) else ''}}>{{name}}</option>
% end
  </select></div>
% if each_agent:
  <div class="field"><label for="f-agent">{{_('Agent')}}</label><select id="f-agent" name="agent"><option value="">{{_('All')}}</option>
% for each in agents:
    <option value="{{each.id}}"{{' selected' if given['agent'] == str(each.id) else ''}}>{{each.name}}</option>
% end
  </select></div>
% end
  <div class="field"><label for="f-number">{{_('Telephone number')}}</label><input id="f-number" name="number" type="search" maxlength="40" value="{{given['number']}}"></div>
  <button>{{_('Show')}}</button>
</form>
% if not page.rows:
<p class="empty gap-top">{{_('No recording here.')}} {{_('Calls are recorded only where a campaign or the settings for incoming calls say so.')}}</p>
% else:
<div class="card flush scroll gap-top" tabindex="0" role="region" aria-label="{{_('Recorded calls')}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Contact')}}</th><th scope="col">{{_('Recording')}}</th><th scope="col">{{_('Campaign')}}</th>
% if each_agent:
    <th scope="col">{{_('Agent')}}</th>
% end
    <th scope="col">{{_('Kept until')}}</th><th scope="col"><span class="sr">{{_('Do')}}</span></th></tr></thead>
  <tbody>
% for at, each in enumerate(page.rows):
% who = each.name or (L.phone(each.number) if each.number else '') or _('Number withheld')
% what = _('Recording of {who}, {moment}', who=who, moment=L.moment(each.began_at))
  <tr><th scope="row">\\
% if may('campaigns'):
<a href="{{'/calls/inbound/' if each.came_in else '/attempts/'}}{{each.call}}">{{L.moment(each.began_at)}}</a>\\
% else:
{{L.moment(each.began_at)}}\\
% end
</th>
  <td>{{each.name}} <span class="muted number">{{L.phone(each.number) if each.number else _('Number withheld')}}</span></td>
  <td>\\
% if each.ended_at is None:
{{_('being recorded')}}\\
% else:
<audio class="tape" controls preload="none" src="/calls/recorded/{{each.file}}" aria-label="{{what}}"></audio>
    <p class="hint">{{ngettext('{count} second', '{count} seconds', round(each.ended_at - each.began_at))}}</p>\\
% end
</td>
  <td>{{campaigns.get(each.campaign_id, '–')}}\\
% if each.came_in:
    <p class="hint">{{_('The customer called.')}}</p>\\
% end
</td>
% if each_agent:
  <td>{{names.get(each.user_id, '–')}}</td>
% end
  <td>{{L.date(each.began_at + days * day_s)}}</td>
  <td>\\
% if may('tapes_take') and each.ended_at is not None:
<div class="row"><a class="button small" href="/calls/recorded/{{each.file}}/download">{{_('Download')}}<span class="sr">: {{what}}</span></a>
    <details class="more"><summary>{{_('Delete')}}<span class="sr">: {{what}}</span></summary>
    <form method="post" action="/calls/recorded/{{each.file}}/remove" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
      <div class="field"><label for="r-{{at}}">{{_('Reason')}}</label><input id="r-{{at}}" name="reason" required minlength="3" maxlength="200" autocomplete="off"></div>
      <button class="small danger">{{_('Delete for good')}}</button>
    </form></details></div>\\
% end
</td></tr>
% end
  </tbody>
</table></div>
% include('pages.tpl', page=page, path='/calls/recorded', query=query)
% end
