% rebase('base.tpl', title=_('What agents see'))
% card = desk['card']
<div class="head">
  <p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a></p>
  <h1>{{_('What agents see')}}</h1>
</div>
<p class="intro">{{_('Calls that begin from now on show what is chosen here; a call under way keeps what it began with.')}}</p>
<form method="post" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
  <div class="card form stack">
    <h2>{{_('Script')}}</h2>
    <div class="field"><label for="f-script">{{_('Script of this campaign')}}</label><select id="f-script" name="script">
      <option value="">{{_('no script')}}</option>
% for each in scripts:
      <option value="{{each['id']}}"{{' selected' if each['id'] == desk['script_id'] else ''}}>{{each['name']}}</option>
% end
    </select></div>
% if may('texts'):
    <p><a href="/scripts">{{_('Scripts')}}</a></p>
% end
  </div>
  <div class="card form stack">
    <h2>{{_('Contact')}}</h2>
    <div class="stack" role="radiogroup" aria-label="{{_('Fields of the contact')}}">
      <label class="tick"><input type="radio" name="all" value="{{'all'}}"{{' checked' if card['fields'] is None else ''}}><span>{{_('Show every column of the list; agents change nothing')}}</span></label>
      <label class="tick"><input type="radio" name="all" value="{{'own'}}"{{' checked' if card['fields'] is not None else ''}}><span>{{_('Show what is chosen here')}}</span></label>
    </div>
    <div class="scroll"><table class="rules"><thead><tr><th scope="col">{{_('Column')}}</th><th scope="col">{{_('Shown')}}</th><th scope="col">{{_('Agents may change it')}}</th><th scope="col">{{_('Checked as')}}</th></tr></thead><tbody>
% for at, each in enumerate(rows):
% column = _('Name') if each['column'] == '@name' else each['column']
      <tr><th scope="row">{{column}}<input type="hidden" name="c{{at}}" value="{{each['column']}}"></th>
        <td><input type="checkbox" name="c{{at}}-shown" value="1"{{' checked' if each['shown'] else ''}} aria-label="{{_('{column}: shown', column=column)}}"></td>
        <td><input type="checkbox" name="c{{at}}-editable" value="1"{{' checked' if each['editable'] else ''}} aria-label="{{_('{column}: agents may change it', column=column)}}"></td>
        <td><select name="c{{at}}-kind" aria-label="{{_('{column}: checked as', column=column)}}">
% for key, text in kinds.items():
          <option value="{{key}}"{{' selected' if each['kind'] == key else ''}}>{{_(text)}}</option>
% end
        </select></td></tr>
% end
    </tbody></table></div>
    <div class="field"><label for="f-reason">{{_('Column with the reason of the call')}}</label><select id="f-reason" name="reason">
      <option value="">{{_('the one that is named so, if there is one')}}</option>
% for column in dict.fromkeys([*desk['columns'], *([card['reason']] if card['reason'] else [])]):
      <option value="{{column}}"{{' selected' if column == card['reason'] else ''}}>{{column}}</option>
% end
    </select><p class="hint">{{_('It stands beside the name for as long as the call lasts.')}}</p></div>
    <div class="field"><label for="f-best_time">{{_('Column with the best time to reach')}}</label><select id="f-best_time" name="best_time">
      <option value="">{{_('no column')}}</option>
% for column in dict.fromkeys([*desk['columns'], *([card['best_time']] if card['best_time'] else [])]):
      <option value="{{column}}"{{' selected' if column == card['best_time'] else ''}}>{{column}}</option>
% end
    </select></div>
  </div>
  <div class="row"><button class="primary">{{_('Save')}}</button></div>
</form>
