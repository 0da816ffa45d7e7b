    <fieldset id="f-wrap_up_codes" tabindex="-1"><legend>{{_('Wrap-up codes')}}</legend>
    <p class="hint">{{_('What agents can choose after a call; the digit is the key. An empty row is left out.')}}</p>
% if errors.get('wrap_up_codes'):
      <p class="mistake">{{errors['wrap_up_codes']}}</p>
% end
    <div class="scroll"><table class="rules"><thead><tr><th scope="col">{{_('Key')}}</th><th scope="col">Deutsch</th><th scope="col">English</th><th scope="col">{{_('Result')}}</th></tr></thead><tbody>
% for digit in range(1, 10):
% code = shown['codes'].get(digit)
      <tr><th scope="row"><kbd>{{digit}}</kbd><input type="hidden" name="code-{{digit}}" value="{{code.code if code else ''}}"></th>
        <td><input name="code-{{digit}}-de" value="{{code.label_de if code else ''}}" maxlength="60" aria-label="{{_('Key {digit}, German', digit=digit)}}"></td>
        <td><input name="code-{{digit}}-en" value="{{code.label_en if code else ''}}" maxlength="60" aria-label="{{_('Key {digit}, English', digit=digit)}}"></td>
        <td><select name="code-{{digit}}-disposition" aria-label="{{_('Key {digit}, result', digit=digit)}}">
% for key, text in words.DISPOSITIONS.items():
% if key not in ('abandoned', 'interrupted', 'failed'):
          <option value="{{key}}"{{' selected' if code and code.disposition == key else ''}}>{{_(text)}}</option>
% end
% end
        </select></td></tr>
% end
    </tbody></table></div></fieldset>
    <div class="field"><label for="f-automatic_wrap_up_code">{{_('Automatic result when the time is over')}}</label><select id="f-automatic_wrap_up_code" name="automatic_wrap_up_code">
% for code in shown['codes'].values():
      <option value="{{code.code}}"{{' selected' if shown['automatic_wrap_up_code'] == code.code else ''}}>{{code.label_de if L.code == 'de' else code.label_en}}</option>
% end
    </select></div>
