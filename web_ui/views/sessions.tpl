<section class="card gap-top" aria-labelledby="sessions-title">
  <h2 id="sessions-title">{{_('Logged in')}}</h2>
% if not sessions:
  <p class="empty">{{_('Nowhere now.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Logged in'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Since')}}</th><th scope="col" class="wide-only">{{_('Last used')}}</th><th scope="col">{{_('From')}}</th><th scope="col" class="wide-only">{{_('Browser')}}</th><th scope="col"><span class="sr">{{_('Action')}}</span></th></tr></thead>
    <tbody>
% for each in sessions:
    <tr><th scope="row">{{L.moment(each['created_at'])}}</th><td class="wide-only">{{L.moment(each['seen_at'])}}</td><td>{{each['address']}}</td><td class="wide-only">{{each['browser']}}</td><td>\\
% if each['name'] == own:
<span class="muted">{{_('here')}}</span>\\
% else:
<form method="post" action="{{action}}"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="name" value="{{each['name']}}"><button class="small" aria-label="{{_('Log out: {what}', what=L.moment(each['created_at']))}}">{{_('Log out')}}</button></form>\\
% end
</td></tr>
% end
    </tbody>
  </table></div>
  <form method="post" action="{{action}}" class="gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Log out everywhere else') if own else _('Log out everywhere')}}</button></form>
% end
</section>
