% rebase('base.tpl', title=_('Who may do what'))
<div class="head"><h1>{{_('Who may do what')}}</h1></div>
<p class="intro">{{_('A person may have several roles and may then do what any of them may do. The menu shows only what somebody may open.')}}</p>
<div class="card flush scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Who may do what'))}}"><table class="rows roles">
  <thead><tr><th scope="col">{{_('May')}}</th>
% for role in roles:
    <th scope="col">{{_(words.ROLES[role.value])}}</th>
% end
  </tr></thead>
  <tbody>
% for text, holders in rows:
  <tr><th scope="row">{{_(text)}}</th>
% for role in roles:
    <td class="tick-cell">\\
% if role in holders:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><span class="sr">{{_('yes')}}</span>\\
% else:
<span class="muted" aria-hidden="true">–</span><span class="sr">{{_('no')}}</span>\\
% end
</td>
% end
  </tr>
% end
  </tbody>
</table></div>
