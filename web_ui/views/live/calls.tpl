% shown = panels.calls(picture)
% if not shown:
<p class="empty">{{_('No call right now.')}}</p>
% else:
<table>
  <thead><tr><th scope="col">{{_('Contact')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="figure">{{_('For')}}</th><th scope="col" class="wide-only">{{_('Agent')}}</th></tr></thead>
  <tbody>
% for call in shown:
% state = 'held' if call.get('held') else call.get('state', '')
  <tr data-key="k{{call['attempt']}}">
    <th scope="row">{{call.get('name') or ''}} <span class="muted number">{{L.phone(call.get('number', ''))}}</span></th>
    <td>
% include('live/state.tpl', state=state, icon=state, word=_('On hold') if call.get('held') else words.word(words.CALL_STATES, state, L))
    </td>
    <td class="figure">\\
% if call.get('since'):
<time class="timer" data-since="{{call['since']}}">{{L.time(call['since'])}}</time>\\
% end
</td>
    <td class="wide-only">{{picture.agents.get(call.get('agent_id'), {}).get('name', '')}}</td>
  </tr>
% end
  </tbody>
</table>
% end
