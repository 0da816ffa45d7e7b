% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title, scripts=['live.js'])
% include('wizard_head.tpl')
<div class="dashboard">
<section class="card five" aria-labelledby="sum-title"><h2 id="sum-title">{{_('The campaign in short')}}</h2>
  <dl class="facts summary">
% for at, label, lines in rows:
    <dt>{{label}}</dt><dd><span>\\
% for line in lines:
<span class="line">{{line}}</span>\\
% end
</span><a class="small-text no-print" href="{{path}}/{{at}}">{{_('Change')}}<span class="sr"> {{label}}</span></a></dd>
% end
  </dl>
</section>
<section class="card seven" aria-labelledby="start-title"><h2 id="start-title">{{_('Ready to start?')}}</h2>
% if obstacles:
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><div><p>{{_('The campaign cannot be started yet:')}}</p><ul>
% for at, text in obstacles:
    <li>{{text}}
% if at:
 <a href="{{path}}/{{at}}">{{_(steps[at])}}</a>
% end
</li>
% end
  </ul></div></div>
% else:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Nothing is missing.')}}</p>
% end
% for text in warnings:
  <div class="note warn gap-top"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{text}}</p></div>
% end
  <form method="post" action="{{path}}/start" id="step" class="gap-top no-print" novalidate>
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="row"><button class="primary" id="go-on"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#play"></use></svg>{{_('Start dialling')}}</button>
    <button name="go" value="{{'back'}}" formnovalidate>{{_('Back')}}</button>
    <a class="button quiet" href="/campaigns/{{campaign.id}}">{{_('Later: keep the draft')}}</a>
    <button type="button" class="quiet" data-print hidden>{{_('Print')}}</button></div>
    <p class="gap-top">{{_('Whoever starts a campaign answers for keeping the law in it: consent, purpose and announcements no box can judge. Your name is put on record: {name}.', name=visit.person.name if visit.person else '')}}</p>
    <p class="hint gap-top">{{_('People are called from the start on, within the call windows. You can pause at any time.')}}</p>
  </form>
</section>
<section class="card" aria-labelledby="forecast-title" data-live="/live/campaigns/{{campaign.id}}/forecast"><div class="row apart"><h2 id="forecast-title">{{_('Forecast')}} \\
% include('term.tpl', key='dry_run')
</h2></div>
<div data-region="forecast" aria-live="polite">
% include('live/forecast.tpl')
</div>
% include('forecast_form.tpl', back='wizard', errors={})
</section>
</div>
