    <input type="hidden" name="with_machines" value="1">
    <fieldset id="f-machines" tabindex="-1"><legend>{{_('When no person answers')}}</legend>
    <p class="hint"><a href="/recordings">{{_('Recordings for machines')}}</a></p>
    <div class="grid">
% for name, text, hint, possible in machine_fields:
    <div class="field"><label for="f-{{name}}">{{_(text)}}</label><select id="f-{{name}}" name="{{name}}" aria-describedby="h-{{name}}"{{' aria-invalid=true' if errors.get(name) else ''}}>
% for key in possible:
      <option value="{{key}}"{{' selected' if shown[name] == key else ''}}>{{_((detection.ON_CORRECTION if name == 'on_correction' else detection.ACTIONS)[key])}}</option>
% end
    </select><p class="hint" id="h-{{name}}">{{_(hint)}}</p>
% if errors.get(name):
    <p class="mistake">{{errors[name]}}</p>
% end
    </div>
% end
    </div>
    <div class="field"><label for="f-drop_text">{{_('Message left on machines')}}</label>
    <textarea id="f-drop_text" name="drop_text" rows="3" maxlength="2000" aria-describedby="h-drop_text"{{' aria-invalid=true' if errors.get('drop_text') else ''}}>{{shown['drop_text']}}</textarea>
    <p class="hint" id="h-drop_text">{{_('Spoken after the beep, or after two seconds of silence at the end of a greeting; {column} is filled in from the contact. Agents may leave it by a key too. Say who calls. For advertising the rules ask for a recorded consent to calls by machine; who has none gets no message.', column='{Column}')}}</p>
% if errors.get('drop_text'):
    <p class="mistake">{{errors['drop_text']}}</p>
% end
    </div>
    <div class="grid">
% include('field.tpl', name='drop_file', label=_('Recording instead'), value=shown['drop_file'], hint=_('Name of an uploaded recording; empty: the text is spoken.'), more={'maxlength': '60', 'autocomplete': 'off', 'spellcheck': 'false'})
% include('field.tpl', name='drop_wait_s', label=_('Wait for the beep at most'), value=shown['drop_wait_s'], unit=_('seconds'), hint=_('Then the box hangs up without a message.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='audit_share_pc', label=_('Machines checked by agents'), value=shown['audit_share_pc'], unit='%', hint=_('So many of the machine verdicts go to an agent all the same, drawn by lot, so that wrong ones are counted. 0: none.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'audit_share_pc': errors.get('audit_share', '')})
    </div>
    </fieldset>
