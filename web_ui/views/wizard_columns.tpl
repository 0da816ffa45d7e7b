% title = _('New campaign: {step}', step=_('Check the columns'))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
<h2 class="step-title">{{_('What is in which column?')}}</h2>
<p class="intro">{{_('The guesses are marked; correct them where they are wrong. Further fields are shown to the agent during the call.')}}</p>
<form method="post" action="{{path}}/columns" id="step" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}" id="f-mapping"><table class="sample">
      <thead>
        <tr>
% for index, column in enumerate(preview.get('columns', ())):
          <th scope="col"><label for="role-{{index}}">{{column}}</label><input type="hidden" name="column-{{index}}" value="{{column}}">
            <select id="role-{{index}}" name="role-{{index}}" class="{{'guessed' if guessed[index] != 'field' else ''}}">
% for role, text in column_roles.items():
              <option value="{{role}}"{{' selected' if guessed[index] == role else ''}}>{{_(text)}}</option>
% end
            </select><p class="hint">{{_(column_types.get(preview['types'][index], 'text'))}}</p></th>
% end
        </tr>
      </thead>
      <tbody>
% for row in preview.get('rows', ()):
        <tr>
% for cell in row:
          <td>{{cell}}</td>
% end
        </tr>
% end
      </tbody>
    </table></div>
    <div class="form gap-top"><div class="grid">
% include('field.tpl', name='name', label=_('Name of the new list'), value=called, more={'maxlength': '120', 'autocomplete': 'off'})
% include('field.tpl', name='country', label=_('Country of the numbers'), value=country, hint=_('For numbers without a country code; two letters.'), more={'maxlength': '2', 'class': 'short', 'autocapitalize': 'characters'})
    </div></div>
% include('wizard_foot.tpl', may_skip=False, label=_('Check the list'))
  </section>
</form>
