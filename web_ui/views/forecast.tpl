% rebase('base.tpl', title=_('Forecast'), scripts=['live.js'])
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a></p><h1>{{_('Forecast')}} \\
% include('term.tpl', key='dry_run')
</h1><button type="button" class="no-print" data-print hidden>{{_('Print')}}</button></div>
<section class="card" aria-labelledby="f-title" data-live="/live/campaigns/{{campaign.id}}/forecast"><h2 id="f-title" class="sr">{{_("What to expect")}}</h2><div data-region="forecast" aria-live="polite">
% include('live/forecast.tpl')
</div>
% include('forecast_form.tpl', errors={})
</section>
