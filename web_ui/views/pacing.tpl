% rebase('base.tpl', title=_('Decisions of pacing'))
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a></p><h1>{{_('Decisions of pacing')}} \\
% include('term.tpl', key='pacing')
</h1></div>
<section class="card" aria-labelledby="window-title"><h2 id="window-title">{{_('Abandon rate')}} \\
% include('term.tpl', key='abandon_rate')
</h2>
  <p class="headline {{'mistake' if standing.over else ''}}">{{standing.text}}</p>
% if standing.more:
  <p>{{standing.more}} \\
% include('term.tpl', key='budget')
</p>
% end
% if advice:
  <div class="gap-top">
% include('advice.tpl')
  </div>
% end
</section>
<section class="card" aria-labelledby="last-title"><h2 id="last-title">{{_('Last decisions')}}</h2>
% if not decisions:
  <p class="empty">{{_('No decision yet. As soon as the campaign runs, every decision stands here with its figures.')}}</p>
% else:
  <p class="hint gap-bottom">{{_('Every decision that starts calls stands here, and every new reason for starting none. The figures on the right belong to the predictive mode.')}}</p>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows decisions">
    <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col" class="figure">{{_('Calls started')}}</th><th scope="col">{{_('Reason')}}</th>
% for key, label in (('risk', _('Risk')), ('theta', _('Allowed')), ('', _('Budget left')), ('live_answer', _('Answers')), ('abandon', _('Abandoned'))):
      <th scope="col" class="figure">{{label}}\\
% if key:
 \\
% include('term.tpl', key=key)
% end
</th>
% end
    </tr></thead>
    <tbody>
% for each in decisions:
    <tr><th scope="row">{{L.time(each.at)}} <span class="line muted small-text">{{L.date(each.at)}}</span></th><td class="figure">{{each.starts}}</td><td>{{each.reason}}</td>
% for figure in each.figures:
      <td class="figure">{{figure}}</td>
% end
    </tr>
% end
    </tbody>
  </table></div>
% end
</section>
