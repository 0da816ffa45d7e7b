% shown = panels.campaigns(picture)
% if not shown:
<p class="empty">{{_('No campaign is running.')}} \\
% if may('campaigns'):
<a href="/campaigns">{{_('To the campaigns')}}</a>\\
% end
</p>
% end
% for campaign in shown:
% running = campaign.get('state') == 'running'
<article class="campaign" data-key="c{{campaign['id']}}">
  <div class="campaign-head">
% if may('campaigns'):
    <h3><a href="/campaigns/{{campaign['id']}}">{{campaign.get('name', '')}}</a></h3>
% else:
    <h3>{{campaign.get('name', '')}}</h3>
% end
% include('live/state.tpl', state=campaign.get('state', ''), icon='play' if running else 'pause', word=words.word(words.CAMPAIGN_STATES, campaign.get('state'), L))
% if running and may('campaigns_run'):
    <button class="small" form="act" formaction="/campaigns/{{campaign['id']}}/pause">{{_('Pause')}}</button>
% elif may('campaigns_run'):
    <button class="small" form="act" formaction="/campaigns/{{campaign['id']}}/start">{{_('Start')}}</button>
% end
  </div>
% include('live/progress.tpl', campaign=campaign)
% pacing = panels.pacing_words(campaign, L)
% if pacing:
  <p class="pacing"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{pacing}}</p>
% end
</article>
% end
