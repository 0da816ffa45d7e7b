% wrong = any(errors.get(n) for n in ('abandon_text', 'caller_name', 'call_reason', 'opt_out_number'))
<details class="more" id="f-abandon"{{' open' if wrong or shown['mode'] in ('power', 'predictive') else ''}}>
  <summary>{{_('When no agent is free')}}</summary>
  <p class="hint">{{_('Power and predictive dialling call more people than agents are free, and in progressive dialling an agent may leave at the moment somebody answers. Who finds nobody hears this; some countries say by law what must be in it, and then a campaign does not start without it.')}}</p>
  <div class="stack">
  <div class="field"><label for="f-abandon_text">{{_('What people hear whom no agent could take')}}</label><textarea id="f-abandon_text" name="abandon_text" rows="3" maxlength="1000" aria-describedby="h-abandon_text"{{' aria-invalid=true' if errors.get('abandon_text') else ''}}>{{shown['abandon_text'] or announcement_words.proposal(get('parts', ()), L)}}</textarea>
  <p class="hint" id="h-abandon_text">{{_('Filled in: {caller_name}, {reason}, {number} (the number shown), {opt_out_number}, {opt_out_key}. Key 9 always puts the number on the list of opt-outs.')}}</p>
% if errors.get('abandon_text'):
  <p class="mistake">{{errors['abandon_text']}}</p>
% end
  </div>
  <div class="grid">
% include('field.tpl', name='caller_name', label=_('On whose behalf'), value=shown['caller_name'] or box_name, hint=_('The name of the company, as it is spoken.'), more={'maxlength': '120', 'autocomplete': 'organization'})
% include('field.tpl', name='call_reason', label=_('Reason for the call'), value=shown['call_reason'] or announcement_words.reason(shown['purpose'], L), hint=_('As it is spoken: “your order”, “a survey”.'), more={'maxlength': '200', 'autocomplete': 'off'})
% include('field.tpl', name='opt_out_number', label=_('Free number for objections'), value=shown['opt_out_number'], hint=_('Where the rules want one.'), more={'maxlength': '40', 'inputmode': 'tel', 'autocomplete': 'off'})
  </div>
  </div>
</details>
