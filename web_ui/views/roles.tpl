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
% if may('people'):
<section class="card form" aria-labelledby="factor-title">
  <h2 id="factor-title">{{_('Second factor')}}</h2>
  <form method="post" action="/roles/second-factor" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <fieldset class="field"><legend>{{_('Nobody has these roles without one')}}</legend>
% for role in roles:
      <label class="tick"><input type="checkbox" name="role" value="{{role}}"{{' checked' if role in demanded or role in fixed else ''}}{{' disabled' if role in fixed else ''}}><span>{{_(words.ROLES[role.value])}}</span></label>
% end
    </fieldset>
    <p class="hint">{{_('Whoever has such a role, or gets one, sets up an authenticator app before anything else.')}}\\
% if fixed:
 {{_('What cannot be changed here stands in the settings file.')}}\\
% end
</p>
    <div><button class="primary">{{_('Save')}}</button></div>
  </form>
</section>
% end
