% contacts, closed = panels.number(campaign, 'contacts'), panels.number(campaign, 'closed')
% done, flying = panels.share(closed, contacts), panels.share(panels.number(campaign, 'in_flight'), contacts)
<div class="progress">
  <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{{_('{share} worked off', share=L.percent(done))}}"><rect class="rest" width="1000" height="10"></rect><rect class="flying" width="{{round((done + flying) * 1000)}}" height="10"></rect><rect class="done" width="{{round(done * 1000)}}" height="10"></rect></svg>
  <p class="progress-words"><strong>{{L.percent(done)}}</strong> {{_('{closed} of {contacts} contacts closed', closed=L.number(closed), contacts=L.number(contacts))}}</p>
</div>
<dl class="figures">
  <div><dt>{{_('Connect rate')}}</dt><dd>{{L.percent(panels.share(panels.number(campaign, 'live_answers'), panels.number(campaign, 'attempts')))}}</dd></div>
  <div class="{{'bad' if panels.over_target(campaign) else ''}}"><dt>{{_('Abandon rate')}}</dt><dd>{{L.percent(panels.number(campaign, 'abandon_rate'))}} <span class="muted">{{ngettext('{count} abandoned call', '{count} abandoned calls', int(panels.number(campaign, 'abandoned')))}}, {{_('target: at most {share}', share=L.percent(panels.number(campaign, 'abandon_target')))}}</span></dd></div>
  <div><dt>{{_('Attempts')}}</dt><dd>{{L.number(panels.number(campaign, 'attempts'))}}</dd></div>
  <div><dt>{{_('Being called')}}</dt><dd>{{L.number(panels.number(campaign, 'in_flight'))}}</dd></div>
</dl>
