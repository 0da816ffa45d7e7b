% if desk.get('state') in ('logged_out', 'paused', 'ready'):
<div class="card">
<h2>{{_('Your campaigns')}}</h2>
% if not mine:
<p class="empty">{{_('No campaign of yours is running. As soon as one is started, it appears here.')}}</p>
% end
% for campaign in mine:
<div class="my-campaign" data-key="m{{campaign['id']}}"><strong>{{campaign.get('name', '')}}</strong>
% include('live/state.tpl', state=campaign.get('state', ''), icon=campaign.get('state', ''), word=words.word(words.CAMPAIGN_STATES, campaign.get('state'), L))
<span class="muted">{{ngettext('{count} contact left', '{count} contacts left', int(campaign.get('open') or 0))}}</span></div>
% end
</div>
% own = desk.get('callbacks') or {}
<div class="card" data-key="callbacks">
<h2>{{_('My callbacks')}}</h2>
% if not own.get('open'):
<p class="empty">{{_('You have promised nobody a call.')}}</p>
% else:
<p>{{ngettext('{count} open callback', '{count} open callbacks', int(own['open']))}}\\
% if own.get('late'):
 · <strong>{{ngettext('{count} is late', '{count} are late', int(own['late']))}}</strong>\\
% end
% if own.get('next_at'):
 · {{_('next: {moment}', moment=L.moment(own['next_at']))}}\\
% end
</p>
% end
<p><a href="/callbacks">{{_('All my callbacks')}}</a> · <a href="/desk/open">{{_('My open items')}}</a></p>
</div>
<div class="card">
<h2>{{_('What to do')}}</h2>
% if desk.get('state') == 'logged_out':
<ol class="plain-steps"><li>{{_('Check that your phone is registered (shown above).')}}</li><li>{{_('Log in at the desk.')}}</li><li>{{_('Choose “Ready” when calls may come.')}}</li></ol>
% elif desk.get('state') == 'paused':
<p>{{_('No calls come while you pause. Choose “Ready” to go on.')}}</p>
% elif (desk.get('phone') or {}).get('mode') == 'nailed_up' and not (desk.get('phone') or {}).get('open'):
<p>{{_('Your phone is being called. Pick it up and leave it open: every call is then put through at once.')}}</p>
% elif desk.get('fetch'):
<p>{{_('Fetch a record, look at it, and dial when you are ready. The rules are asked again at that moment.')}}</p>
% else:
<p>{{_('The box is dialling for you. When a person answers, the contact appears and you are connected.')}}</p>
% end
</div>
% end
