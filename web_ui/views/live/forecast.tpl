% state = forecast.get('state')
% result = forecast.get('result')
% if state == 'running':
<p class="import-state"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#waiting"></use></svg><strong>{{_('Playing the campaign through on paper …')}}</strong></p>
<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{{_('{share} done', share=L.percent(forecast.get('share') or 0))}}"><rect class="rest" width="1000" height="10"></rect><rect class="done" width="{{round((forecast.get('share') or 0) * 1000)}}" height="10"></rect></svg>
% elif state == 'cancelled':
<p class="empty">{{_('The forecast was given up.')}}</p>
% elif state == 'failed':
% for raw in forecast.get('problems') or ():
<p class="mistake">{{words.raw_problem(raw, L)}}</p>
% end
% elif not result:
<p class="empty">{{_('No forecast yet. Have it worked out: it takes some seconds and calls nobody.')}}</p>
% end
% if result:
<p class="headline"><strong>{{view.headline(result, L)}}</strong></p>
% include('advice.tpl', advice=result['advice'])
<dl class="counts">
  <div><dt>{{_('Open contacts')}}</dt><dd>{{L.number(result['contacts']['open'])}}</dd></div>
  <div class="good"><dt>{{_('May be called')}}</dt><dd>{{L.number(result['contacts']['callable'])}}</dd></div>
% for why, count in view.blocked(result, L):
  <div class="bad"><dt>{{_('Never: {reason}', reason=why)}}</dt><dd>{{count}}</dd></div>
% end
% for why, count in view.waiting(result, L):
  <div><dt>{{_('Later: {reason}', reason=why)}}</dt><dd>{{count}}</dd></div>
% end
</dl>
<h3 class="sub">{{_('Modes and teams compared')}}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows compare">
  <thead><tr><th scope="col" class="figure">{{_('Agents')}}</th><th scope="col">{{_('Dialling mode')}}</th><th scope="col">{{_('Done on')}}</th><th scope="col" class="figure">{{_('Time busy')}}</th><th scope="col" class="figure">{{_('Wait per call')}}</th><th scope="col" class="figure">{{_('Abandoned calls')}}</th><th scope="col" class="figure">{{_('Lines needed')}}</th></tr></thead>
  <tbody>
% for row in view.rows(result, L):
  <tr class="{{'chosen' if row.chosen else ''}}"><td class="figure">{{row.agents}}</td><th scope="row">{{row.mode}}
% if row.chosen:
 <span class="tag">{{_('as set')}}</span>
% end
</th><td>{{row.ends}}</td><td class="figure">{{row.busy}}</td><td class="figure">{{row.wait}}</td><td class="figure">{{row.abandoned}}</td><td class="figure">{{row.lines}}</td></tr>
% end
  </tbody>
</table></div>
% drawing = view.drawing(result, L)
% if drawing:
<figure class="team-chart">
  <figcaption class="sub">{{_('Time busy')}}: <span class="key progressive">{{_('Progressive')}}</span> <span class="key predictive">{{_('Predictive')}}</span></figcaption>
  <svg viewBox="0 0 300 {{drawing.height}}" role="img" aria-label="{{drawing.words}}">
% for team in drawing.teams:
    <text x="{{view.BAR_LEFT}}" y="{{team.y}}">{{team.name}}</text>
% for bar in team.bars:
    <rect class="{{bar.kind}}" x="{{view.BAR_LEFT}}" y="{{bar.y}}" width="{{bar.width}}" height="13" rx="3"></rect><text x="{{view.BAR_LEFT + bar.width + 6}}" y="{{bar.y + 11}}">{{bar.value}}</text>
% end
% end
  </svg>
</figure>
% end
<h3 class="sub">{{_('What this rests on')}}</h3>
<ul class="basis">
% for line in view.basis(result, L):
  <li>{{line}}</li>
% end
% for each in view.assumptions(result, L):
  <li>{{each.label}}: {{each.value}} {{each.unit}} <span class="muted">({{each.source}})</span></li>
% end
</ul>
% end
