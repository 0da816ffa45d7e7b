% include('live/state.tpl', state=live.get('state', ''), icon=live.get('state', ''), word=words.word(words.CAMPAIGN_STATES, live.get('state'), L))
<span class="row actions">
% if live.get('state') == 'running':
  <button form="act" formaction="/campaigns/{{live['id']}}/pause"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#pause"></use></svg>{{_('Pause')}}</button>
% elif live.get('state') != 'finished':
  <button form="act" formaction="/campaigns/{{live['id']}}/announce" title="{{_('Says on their desks that it is about to begin; they confirm that they are there.')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{_('Tell the agents')}}</button>
  <button class="primary" type="button" popovertarget="start"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#play"></use></svg>{{_('Start')}}</button>
% end
% if live.get('state') in ('running', 'paused'):
  <button class="danger" type="button" popovertarget="stop"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#stop"></use></svg>{{_('Stop')}}</button>
% end
</span>
