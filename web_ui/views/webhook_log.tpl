% rebase('base.tpl', title=_('Deliveries'))
<div class="head"><p class="crumb"><a href="/settings/webhooks">{{_('Webhooks')}}</a></p><h1>{{_('Deliveries')}}</h1><p class="muted break">{{hook.url}}</p></div>
<form method="post" action="/settings/webhooks/{{hook.id}}/test" class="gap-bottom"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Send a test')}}</button></form>
% if not deliveries:
<p class="empty">{{_('Nothing was sent yet.')}}</p>
% else:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('What happened')}}</th><th scope="col">{{_('Delivery')}}</th><th scope="col" class="wide-only">{{_('Tries')}}</th><th scope="col">{{_('Again')}}</th></tr></thead>
  <tbody>
% for each in deliveries:
  <tr><th scope="row">{{_(view.EVENTS[each.event]) if each.event in view.EVENTS else each.event}}<p class="hint">{{L.moment(each.at) if each.at is not None else ''}}</p></th>
  <td>{{words.word(view.DELIVERIES, each.state, L)}}\\
% if each.error:
<p class="hint">{{view.failure(each.error, L)}}</p>\\
% end
% if each.state == 'waiting' and each.tries:
<p class="hint">{{_('next try {moment}', moment=L.moment(each.next_at))}}</p>\\
% end
% if each.took_ms is not None:
<p class="hint">{{_('{ms} ms', ms=L.number(each.took_ms))}}</p>\\
% end
  </td>
  <td class="wide-only">{{L.number(each.tries)}}</td>
  <td><form method="post" action="/settings/webhooks/{{hook.id}}/again"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" name="delivery" value="{{each.id}}" aria-label="{{_('Again: delivery {number}', number=each.id)}}">{{_('Again')}}</button></form></td></tr>
% end
  </tbody>
</table></div>
% if more:
<p><a class="button small" href="?before={{deliveries[-1].id}}">{{_('Older')}}</a></p>
% end
% end
