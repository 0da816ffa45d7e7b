% shown = panels.queues(picture)
% if not shown:
<p class="empty">{{_('No queue is set up: who takes calls that come in stands in the settings.')}}</p>
% else:
<table>
  <thead><tr><th scope="col">{{_('Queue')}}</th><th scope="col" class="figure">{{_('Waiting now')}}</th><th scope="col" class="figure">{{_('Longest wait')}}</th><th scope="col" class="figure wide-only">{{_('In call')}}</th><th scope="col" class="figure wide-only">{{_('Ready')}}</th><th scope="col" class="figure">{{_('Within {seconds} s', seconds=L.number(shown[0]['within_s']))}}</th><th scope="col" class="figure">{{_('Missed today')}}</th></tr></thead>
  <tbody>
% for queue in shown:
  <tr data-key="q{{queue['name']}}">
    <th scope="row">{{queue['name']}}</th>
    <td class="figure">{{L.number(queue['waiting'])}}</td>
    <td class="figure">\\
% if queue['oldest_at']:
<time class="timer" data-since="{{queue['oldest_at']}}">{{L.time(queue['oldest_at'])}}</time>\\
% else:
–\\
% end
</td>
    <td class="figure wide-only">{{L.number(queue['talking'])}}</td>
    <td class="figure wide-only">{{L.number(queue['ready'])}}</td>
    <td class="figure">{{L.percent(queue['in_time'] / queue['offered']) if queue['offered'] else '–'}}</td>
    <td class="figure">{{L.number(queue['missed'])}}</td>
  </tr>
% end
  </tbody>
</table>
% end
