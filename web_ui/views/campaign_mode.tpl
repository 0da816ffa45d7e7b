  <div class="field">
    <span class="label-row"><label for="f-mode">{{_('Dialling mode')}}</label> \\
% include('term.tpl', key='mode')
</span>
    <select id="f-mode" name="mode" aria-describedby="h-mode"{{' aria-invalid=true' if errors.get('mode') else ''}}>
% for key, text in words.MODES.items():
      <option value="{{key}}"{{' selected' if shown['mode'] == key else ''}}>{{_(text)}}</option>
% end
    </select>
    <dl class="hint modes" id="h-mode">
% for key, text in words.MODES_EXPLAINED.items():
      <div><dt>{{_(words.MODES[key])}}</dt><dd>{{_(text)}}</dd></div>
% end
    </dl>
% if errors.get('mode'):
    <p class="mistake">{{errors['mode']}}</p>
% end
  </div>
  <fieldset class="only-preview" id="f-preview_offer" tabindex="-1"><legend>{{_('Preview')}}</legend>
    <div class="stack">
    <div class="field"><label for="f-how-offered">{{_('How a record comes to an agent')}}</label><select id="f-how-offered" name="preview_offer">
% for key, text in words.PREVIEW_OFFERS.items():
      <option value="{{key}}"{{' selected' if shown['preview_offer'] == key else ''}}>{{_(text)}}</option>
% end
    </select></div>
    <div class="grid">
% include('field.tpl', name='preview_countdown_s', label=_('Dial by itself after'), value=shown['preview_countdown_s'], unit=_('seconds'), hint=_('0: only when the agent dials. The agent can stop the timer.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='preview_limit_s', label=_('Time to decide'), value=shown['preview_limit_s'], unit=_('seconds'), hint=_('Then the record goes back and the agent is paused.'), more={'inputmode': 'numeric', 'class': 'short'})
    </div>
    <label class="tick"><input type="checkbox" name="preview_skip" value="1"{{' checked' if shown['preview_skip'] else ''}}><span>{{_('Agents may skip a record and say why')}}</span></label>
    <div class="grid">
% include('field.tpl', name='skip_delay_h', label=_('A skipped record comes again after'), value=shown['skip_delay_h'], unit=_('hours'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'skip_delay_h': errors.get('skip_delay_s', '')})
% include('field.tpl', name='owner_field', label=_('Column with the owner'), value=shown['owner_field'], hint=_('Name of a column of the list that holds an agent’s login or name. Such a record is offered to nobody else. Empty: everybody gets every record.'), more={'maxlength': '60', 'autocomplete': 'off', 'list': 'columns'})
    </div>
    </div>
  </fieldset>
  <label class="tick"><input type="checkbox" name="manual_dialling" value="1"{{' checked' if shown['manual_dialling'] else ''}}><span>{{_('Agents may also type numbers; the same rules hold')}}</span></label>
  <fieldset class="only-agentless" id="f-agentless"><legend>{{_('Without agents')}}</legend>
    <div class="stack">
    <div class="field"><label for="f-on_person">{{_('When a person answers')}}</label><select id="f-on_person" name="on_person" aria-describedby="h-on_person"{{' aria-invalid=true' if errors.get('on_person') else ''}}>
% for key, text in words.ON_PERSON.items():
      <option value="{{key}}"{{' selected' if shown['on_person'] == key else ''}}>{{_(text)}}</option>
% end
    </select><p class="hint" id="h-on_person">{{_('Hanging up is for campaigns that leave messages on machines alone: the person hears who called, and the call counts as abandoned. Rules that limit abandoned calls by law refuse it. With agents, the box starts calls only for agents who are ready.')}}</p>
% if errors.get('on_person'):
    <p class="mistake">{{errors['on_person']}}</p>
% end
    </div>
    <div class="field"><label for="f-message_text">{{_('Message')}}</label><textarea id="f-message_text" name="message_text" rows="4" maxlength="2000" aria-describedby="h-message_text"{{' aria-invalid=true' if errors.get('message_text') else ''}}>{{shown['message_text']}}</textarea>
    <p class="hint" id="h-message_text">{{_('Spoken by the box. Filled in: a column of the list in braces, {Name}, and {caller_name}, {number}, {opt_out_number}, {opt_out_key}. Say who calls and why, and that key 9 ends further calls.')}}</p>
% if errors.get('message_text'):
    <p class="mistake">{{errors['message_text']}}</p>
% end
    </div>
    <label class="tick"><input type="checkbox" name="agent_key" value="1"{{' checked' if shown['agent_key'] else ''}}><span>{{_('Key 2 connects to an agent')}}</span></label>
    <div class="field"><label for="f-agent_key_to">{{_('Whom key 2 reaches')}}</label><select id="f-agent_key_to" name="agent_key_to">
      <option value="">{{_('Whoever of the agents is free')}}</option>
% for each in agents:
      <option value="agent:{{each.id}}"{{' selected' if shown['agent_key_to'] == 'agent:%d' % each.id else ''}}>{{each.name}}</option>
% end
% for each in destinations:
      <option value="destination:{{each.id}}"{{' selected' if shown['agent_key_to'] == 'destination:%d' % each.id else ''}}>{{each.name}} ({{L.phone(each.number)}})</option>
% end
    </select></div>
    <p class="hint">{{_('Key 9 always puts the number on the list of opt-outs, before the call ends.')}}</p>
    </div>
  </fieldset>
  <fieldset class="only-power"><legend>{{_('Power')}}</legend>
% include('field.tpl', name='lines_per_agent', label=_('Calls for each ready agent'), value=shown['lines_per_agent'], hint=_('More than one means that somebody who answers may find no agent.'), more={'inputmode': 'decimal', 'class': 'short'})
  </fieldset>
% include('abandon_fields.tpl')
  <details class="more not-preview"{{' open' if any(errors.get(n) for n in ('preview_after', 'preview_field')) else ''}}>
    <summary>{{_('More: some contacts by preview')}}</summary>
    <p class="hint">{{_('These contacts are not dialled automatically: an agent sees the record first, as in preview.')}}</p>
    <div class="grid">
% include('field.tpl', name='preview_after', label=_('After so many attempts'), value=shown['preview_after'], hint=_('First the box tries, then agents do. 0: never.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='preview_field', label=_('Column that asks for preview'), value=shown['preview_field'], hint=_('Name of a column of the list with “yes” for such contacts. Empty: none.'), more={'maxlength': '60', 'autocomplete': 'off', 'list': 'columns'})
    </div>
  </details>
  <details class="more"{{' open' if any(errors.get(n) for n in ('weight', 'max_lines')) else ''}}>
    <summary>{{_('More: sharing agents and lines')}}</summary>
    <div class="grid">
% include('field.tpl', name='weight', label=_('Priority'), value=shown['weight'], hint=_('1 to 10. Campaigns that share agents or lines get them in this proportion.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='max_lines', label=_('Lines at once, at most'), value=shown['max_lines'], hint=_('0: as many as the trunk has for campaigns.'), more={'inputmode': 'numeric', 'class': 'short'})
    </div>
  </details>
  <datalist id="columns">\\
% for name in columns:
<option value="{{name}}"></option>\\
% end
</datalist>
