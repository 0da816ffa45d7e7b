% rebase('base.tpl', title=script_name or _('New script'))
% path = '/scripts/new' if number is None else '/scripts/%d' % number
<div class="head">
  <p class="crumb"><a href="/scripts">{{_('Scripts')}}</a></p>
  <h1>{{script_name or _('New script')}}</h1>
% if number is not None:
  <a class="button" href="{{path}}/preview">{{_('Preview')}}</a>
% end
</div>
% if said:
<div class="note {{'refused' if refused or any(grave for _at, _text, grave in said) else 'plain'}}" role="{{'alert' if refused else 'status'}}" tabindex="-1" id="mistakes"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{'alert' if refused else 'info'}}"></use></svg>
  <div><p>{{_('Not saved yet:') if refused else _('About this script:')}}</p><ul>
% for at, text, grave in said:
    <li>\\
% if at is None:
{{text}}\\
% else:
<a href="#step-{{at}}">{{text}}</a>\\
% end
</li>
% end
  </ul></div></div>
% end
<form method="post" action="{{path}}" class="stack script-editor"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="seen" value="{{version}}">
  <div class="card form stack">
    <div class="field"><label for="f-name">{{_('Name')}}</label><input id="f-name" name="name" value="{{script_name}}" maxlength="120" required></div>
    <p class="hint">{{_('In a text, braces stand for what is known of the contact: {fields}', fields=' '.join('{%s}' % each for each in columns[:24]))}}</p>
    <div class="row"><button class="primary" name="do" value="{{'save'}}">{{_('Save')}}</button><button name="do" value="{{'check'}}" formnovalidate>{{_('Check')}}</button></div>
  </div>
% for at, step in enumerate(steps):
% mark, n = 's%d' % at, at + 1
  <fieldset class="card form stack" id="step-{{at}}" tabindex="-1"><legend>{{_('Step {n}', n=n)}}</legend>
    <input type="hidden" name="{{mark}}-id" value="{{step['id']}}">
    <div class="field"><label for="{{mark}}-heading">{{_('Heading')}}</label><input id="{{mark}}-heading" name="{{mark}}-heading" value="{{step['heading']}}" maxlength="200"{{' autofocus' if look_at == at else ''}}></div>
    <div class="field"><label for="{{mark}}-text">{{_('What the agent says')}}</label><textarea id="{{mark}}-text" name="{{mark}}-text" rows="4" maxlength="6000">{{step['text']}}</textarea></div>
    <details{{' open' if step['fields'] else ''}}><summary>{{_('Fields to fill in')}}</summary>
      <p class="hint">{{_('Answers of a choice stand behind one another with a semicolon. A row without a label is left out; saving or checking adds an empty one.')}}</p>
      <div class="scroll"><table class="rules"><thead><tr><th scope="col">{{_('Label')}}</th><th scope="col">{{_('Kind')}}</th><th scope="col">{{_('Answers of a choice')}}</th><th scope="col">{{_('Required')}}</th></tr></thead><tbody>
% for m, field in enumerate([*step['fields'], {'id': '', 'label': '', 'kind': 'text', 'required': False, 'choices': []}]):
% row = '%s-f%d' % (mark, m)
        <tr><td><input type="hidden" name="{{row}}-id" value="{{field['id']}}"><input name="{{row}}-label" value="{{field['label']}}" maxlength="200" aria-label="{{_('Step {n}, field {m}: label', n=n, m=m + 1)}}"></td>
          <td><select name="{{row}}-kind" aria-label="{{_('Step {n}, field {m}: kind', n=n, m=m + 1)}}">
% for key, text in kinds.items():
            <option value="{{key}}"{{' selected' if field['kind'] == key else ''}}>{{_(text)}}</option>
% end
          </select></td>
          <td><input name="{{row}}-choices" value="{{'; '.join(field['choices'])}}" maxlength="8000" aria-label="{{_('Step {n}, field {m}: answers of a choice', n=n, m=m + 1)}}"></td>
          <td><input type="checkbox" name="{{row}}-required" value="1"{{' checked' if field['required'] else ''}} aria-label="{{_('Step {n}, field {m}: required', n=n, m=m + 1)}}"></td></tr>
% end
      </tbody></table></div>
    </details>
    <details{{' open' if step['branches'] else ''}}><summary>{{_('Answers that lead to different steps')}}</summary>
      <p class="hint">{{_('Each answer is a button and a digit for the agent. Without any, the script goes on as chosen below.')}}</p>
      <div class="scroll"><table class="rules"><thead><tr><th scope="col">{{_('Key')}}</th><th scope="col">{{_('Answer')}}</th><th scope="col">{{_('Goes on to')}}</th></tr></thead><tbody>
% for m, branch in enumerate([*step['branches'], {'label': '', 'go': ''}][:9]):
        <tr><th scope="row"><kbd>{{m + 1}}</kbd></th><td><input name="{{mark}}-b{{m}}-label" value="{{branch['label']}}" maxlength="200" aria-label="{{_('Step {n}, answer {m}', n=n, m=m + 1)}}"></td>
          <td>\\
% include('script_goal.tpl', id='', field='%s-b%d-go' % (mark, m), chosen=branch['go'], label=_('Step {n}, answer {m}: goes on to', n=n, m=m + 1))
</td></tr>
% end
      </tbody></table></div>
    </details>
    <div class="field"><label for="{{mark}}-next">{{_('Without answers it goes on to')}}</label>\\
% include('script_goal.tpl', id=mark + '-next', field=mark + '-next', chosen=step['next'], label='')
</div>
    <div class="row">
% for wish, text, may_do in (('add', _('Step after this'), len(steps) < 60), ('up', _('Up'), at > 0), ('down', _('Down'), n < len(steps)), ('remove', _('Remove'), len(steps) > 1)):
% if may_do:
      <button class="small{{' quiet' if wish != 'add' else ''}}" name="do" value="{{wish}}-{{at}}" formnovalidate aria-label="{{_('Step {n}: {act}', n=n, act=text)}}">{{text}}</button>
% end
% end
    </div>
  </fieldset>
% end
  <div class="row"><button class="primary" name="do" value="{{'save'}}">{{_('Save')}}</button><button name="do" value="{{'check'}}" formnovalidate>{{_('Check')}}</button></div>
</form>
% if number is not None:
<form method="post" action="{{path}}/remove" class="gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="quiet danger">{{_('Remove this script')}}</button></form>
% end
