% rebase('base.tpl', title=_('Check the columns'))
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a></p><h1>{{_('Check the columns')}}</h1></div>
% include('wizard.tpl', step=2)
% for text in errors:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{text}}</p></div>
% end
% if mappings:
<div class="card form row align-end">
  <form method="get" class="row align-end grow"><div class="field grow"><label for="f-mapping">{{_('Use a kept mapping')}}</label><select id="f-mapping" name="mapping">
      <option value="">{{_('none: as guessed')}}</option>
% for each in mappings:
      <option value="{{each}}"{{' selected' if each == chosen else ''}}>{{each}}</option>
% end
    </select></div><button>{{_('Apply')}}</button></form>
% if chosen:
  <form method="post" action="/lists/mapping/forget"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="upload" value="{{upload}}"><button class="danger" name="mapping" value="{{chosen}}">{{_('Forget “{name}”', name=chosen)}}</button></form>
% end
</div>
% end
<form method="post" action="/lists/upload/{{upload}}">
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card form">
    <div class="stack">
    <div class="grid">
    <div class="field"><label for="f-list_id">{{_('Put the contacts')}}</label><select id="f-list_id" name="list_id">
      <option value="">{{_('into a new list')}}</option>
% for each in lists:
      <option value="{{each.id}}">{{_('into “{name}”', name=each.name)}}</option>
% end
    </select></div>
    <div class="field"><label for="f-name">{{_('Name of the new list')}}</label><input id="f-name" name="name" value="{{title}}" maxlength="120"></div>
    <div class="field"><label for="f-country">{{_('Country of the numbers')}}</label><input id="f-country" name="country" value="{{country}}" maxlength="2" class="short" autocapitalize="characters" aria-describedby="h-country"><p class="hint" id="h-country">{{_('For numbers without a country code; two letters.')}}</p></div>
    </div>
    <label class="tick"><input type="checkbox" name="update" value="1"{{' checked' if visit.text('update') == '1' else ''}}><span>{{_('Contacts that are in the list already become what the file says')}}</span></label>
    <div class="field"><label for="f-agents">{{_('Where agents have changed something since')}}</label><select id="f-agents" name="agents" aria-describedby="h-agents">
      <option value="keep">{{_('what they entered stays')}}</option>
      <option value="replace"{{' selected' if visit.text('agents') == 'replace' else ''}}>{{_('it becomes what the file says')}}</option>
    </select><p class="hint" id="h-agents">{{_('What agents learn in calls is mostly newer than the file. “Only look what would happen” lists every such contact first.')}}</p></div>
    <div class="field"><label for="f-keep_as">{{_('Keep the mapping as')}}</label><input id="f-keep_as" name="keep_as" maxlength="120" value="{{chosen}}" aria-describedby="h-keep_as"><p class="hint" id="h-keep_as">{{_('With a name it can be used for the next file.')}}</p></div>
% if preview.get('encoding') == 'xlsx':
    <p class="hint">{{_('Read from the first sheet of a workbook.')}}</p>
% else:
    <p class="hint">{{_('Read as {encoding}, separated by {delimiter}.', encoding=preview.get('encoding', '').upper(), delimiter={',': _('commas'), ';': _('semicolons'), '\t': _('tabs'), '|': _('bars')}.get(preview.get('delimiter'), preview.get('delimiter', '')))}}</p>
% end
    </div>
  </section>
  <section class="card" aria-labelledby="sample-title">
    <h2 id="sample-title">{{_('What is in which column?')}}</h2>
    <p class="hint gap-bottom">{{_('The guesses are marked; correct them where they are wrong. Further fields are shown to the agent during the call.')}}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="sample">
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
  </section>
  <div class="row foot"><button class="primary">{{_("Start the import")}}</button><button name="look" value="1">{{_('Only look what would happen')}}</button><a class="button quiet" href="/lists/new">{{_('Another file')}}</a></div>
</form>
