% shown = team.rows(picture, person_id)
% if not shown:
<p class="empty">{{_('No agents yet.')}}</p>
% else:
<table>
  <thead><tr><th scope="col">{{_('Agent')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="figure">{{_('For')}}</th><th scope="col">{{_('Call')}}</th><th scope="col">{{_('Actions')}}</th></tr></thead>
  <tbody>
% for row in shown:
% agent, name = row.agent, row.agent.get('name', '')
  <tr data-key="t{{agent['id']}}">
    <th scope="row">{{name}}\\
% if agent.get('hand'):
 <span class="tag">{{_('asks you to come')}}</span>\\
% end
% if agent.get('unread'):
 <span class="tag">{{_('message not read yet')}}</span>\\
% end
</th>
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
    <td>{{row.campaign}}
% if row.call:
    <span class="muted">{{row.call.get('name', '')}} {{team.party_words(row.call, L)}}</span>
% end
% if agent.get('monitors'):
    <span class="tag">{{team.monitor_words(agent, L)}}</span>
% end
    </td>
    <td><div class="row">
% if row.can_join:
% for kind in team.KINDS:
      <button class="small" form="act" formaction="/team/{{kind}}" name="agent" value="{{agent['id']}}" aria-pressed="{{'true' if row.mine == kind else 'false'}}" aria-label="{{words.word(words.MONITORING, kind, L)}}: {{name}}">{{words.word(words.MONITORING, kind, L)}}</button>
% end
% if row.mine:
      <button class="small" form="act" formaction="/team/leave" name="agent" value="{{agent['id']}}" aria-label="{{_('Leave the call')}}: {{name}}">{{_('Leave the call')}}</button>
% end
% end
% for to, text in (('ready', _('Make ready')), ('paused', _('Send into pause')), ('logged_out', _('Log out'))):
% if to in row.force:
      <button class="small quiet" form="act" formaction="/team/{{to}}" name="agent" value="{{agent['id']}}" aria-label="{{text}}: {{name}}">{{text}}</button>
% end
% end
    </div></td>
  </tr>
% end
  </tbody>
</table>
% end
