% title = _('New rule') if made is None else _('Rule')
% rebase('base.tpl', title=title, scripts=['condition.js'])
<div class="head"><p class="crumb"><a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a> › <a href="/campaigns/{{campaign.id}}/rules">{{_('Rules')}}</a></p><h1>{{title}}</h1></div>
% include('said.tpl')
<form method="post" class="card form"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="version" value="{{version}}">
  <div class="stack">
% include('field.tpl', name='name', label=_('Name'), value=shown['name'], errors={}, more={'maxlength': '60', 'required': 'required', 'autocomplete': 'off'})
  <div class="field"><label for="f-moment">{{_('When')}}</label><select id="f-moment" name="moment">
% for key, text in moments.items():
    <option value="{{key}}"{{' selected' if key == shown['moment'] else ''}}>{{_(text)}}</option>
% end
  </select></div>
  <label class="tick"><input type="checkbox" name="active" value="1"{{' checked' if shown['active'] else ''}}><span>{{_('Switched on')}}</span></label>
% include('condition.tpl', legend=_('If this holds'))
  <fieldset><legend>{{_('Then')}}</legend>
    <div class="stack">
    <div class="row align-end">
      <div class="field"><label for="f-skip">{{_('Hold back')}}</label><select id="f-skip" name="skip"><option value="">{{_('no')}}</option>
% for key, text in (('for', _('for some hours')), ('until', _('until a day')), ('good', _('for good'))):
        <option value="{{key}}"{{' selected' if shown.get('skip') == key else ''}}>{{text}}</option>
% end
      </select></div>
      <div class="field"><label for="f-skip_h">{{_('Hours')}}</label><input id="f-skip_h" name="skip_h" value="{{shown.get('skip_h', '')}}" inputmode="decimal" class="short"></div>
      <div class="field"><label for="f-skip_until">{{_('Day')}}</label><input id="f-skip_until" name="skip_until" type="date" value="{{shown.get('skip_until', '')}}"></div>
    </div>
    <div class="grid">
% include('field.tpl', name='priority', label=_('Priority becomes'), value=shown.get('priority', ''), errors={}, hint=_('-99 to 99; the highest is called first. Empty: as it is.'), more={'inputmode': 'numeric', 'class': 'short'})
    <div class="field"><label for="f-list_id">{{_('Move to the list')}}</label><select id="f-list_id" name="list_id"><option value="">{{_('no')}}</option>
% for each in lists:
% if each.id != campaign.settings.contact_list_id:
      <option value="{{each.id}}"{{' selected' if str(each.id) == shown.get('list_id') else ''}}>{{each.name}}</option>
% end
% end
    </select></div>
% include('field.tpl', name='set_field', label=_('Set the field'), value=shown.get('set_field', ''), errors={}, hint=_('The name of a column. Empty: none.'), more={'maxlength': '200', 'autocomplete': 'off', 'list': 'columns'})
% include('field.tpl', name='set_value', label=_('To'), value=shown.get('set_value', ''), errors={}, more={'maxlength': '500', 'autocomplete': 'off'})
% include('field.tpl', name='webhook', label=_('Tell other programs'), value=shown.get('webhook', ''), errors={}, hint=_('A name for it; it goes out as a webhook. Empty: no.'), more={'maxlength': '60', 'autocomplete': 'off'})
    </div>
    <datalist id="columns">\\
% for name in columns:
<option value="{{name}}"></option>\\
% end
</datalist>
    <label class="tick"><input type="checkbox" name="other_number" value="1"{{' checked' if shown.get('other_number') else ''}}><span>{{_('Call the contact’s other number next (only after a call)')}}</span></label>
    </div>
  </fieldset>
  <div class="row"><button class="primary">{{_('Save')}}</button><a class="button quiet" href="/campaigns/{{campaign.id}}/rules">{{_('Cancel')}}</a></div>
  </div>
</form>
