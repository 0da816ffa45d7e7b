% rebase('base.tpl', title=_('People'))
<div class="head"><h1>{{_('People')}}</h1><a class="button" href="/roles">{{_('Who may do what')}}</a><a class="button" href="/departments">{{_('Departments')}}</a><a class="button" href="/users/requests">{{_('Requests for access')}}\\
% if waiting:
 <strong>{{L.number(waiting)}}</strong>\\
% end
</a><a class="button primary" href="/users/new"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#plus"></use></svg>{{_('Add a person')}}</a></div>
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col" class="wide-only">{{_('Login')}}</th><th scope="col">{{_('Roles')}}</th><th scope="col" class="wide-only">{{_('Phone')}}</th></tr></thead>
  <tbody>
% for each in users:
  <tr><th scope="row"><a href="/users/{{each.id}}">{{each.name}}</a>\\
% if each.id in belongs:
 <span class="muted">· {{belongs[each.id]}}</span>\\
% end
</th><td class="wide-only">{{each.login}}</td><td>{{words.roles(each.roles, L)}}</td>
  <td class="wide-only">\\
% if 'agent' in each.roles:
{{words.word(words.PHONE_MODES, each.phone_mode, L)}} <span class="muted">· {{_('registered') if live.get(each.id, {}).get('phone_registered') else _('not registered')}}</span>\\
% end
</td></tr>
% end
  </tbody>
</table></div>
% if not any('agent' in each.roles for each in users):
<p class="intro">{{_('No agents yet. Add one for each person who will take calls.')}}</p>
% end
