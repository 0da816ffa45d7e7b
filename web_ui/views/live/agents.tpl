% shown = panels.agents(picture)
% if not shown:
<p class="empty">{{_('No agents yet.')}} \\
% if may('people'):
<a href="/users/new">{{_('Add a person')}}</a>\\
% end
</p>
% else:
<table>
  <thead><tr><th scope="col">{{_('Agent')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="figure">{{_('For')}}</th><th scope="col">{{_('Phone')}}</th></tr></thead>
  <tbody>
% for agent in shown:
  <tr data-key="a{{agent['id']}}">
    <th scope="row">{{agent.get('name', '')}}</th>
    <td>
% include('live/state.tpl', state=agent.get('state', ''), icon=agent.get('state', ''), word=words.word(words.AGENT_STATES, agent.get('state'), L))
% if agent.get('state') == 'paused' and agent.get('reason'):
    <span class="muted reason">{{words.word(words.REASONS, agent['reason'], L)}}</span>
% end
    </td>
    <td class="figure">\\
% if agent.get('state') != 'logged_out' and agent.get('since'):
<time class="timer" data-since="{{agent['since']}}">{{L.time(agent['since'])}}</time>\\
% end
</td>
    <td>
% if agent.get('phone_registered'):
    <span class="ok" title="{{_('registered')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg><span class="sr">{{_('registered')}}</span></span>
% else:
    <span class="off" title="{{_('not registered')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone-off"></use></svg><span class="sr">{{_('not registered')}}</span></span>
% end
    </td>
  </tr>
% end
  </tbody>
</table>
% end
