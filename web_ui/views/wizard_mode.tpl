% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
% wanted = advice['mode'] if advice and fresh and not errors else shown['mode']
<form method="post" action="{{path}}/mode" id="step" class="form" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <fieldset class="field" id="f-mode" tabindex="-1"><legend><h2 class="step-title">{{_('How should the box dial?')}} \\
% include('term.tpl', key='mode')
</h2></legend>
% include('advice.tpl')
      <div class="choices">
% for key, text in words.MODES.items():
      <div class="choice-box"><label class="choice"><input type="radio" name="mode" value="{{key}}"{{' checked' if wanted == key else ''}}><span><strong>{{_(text)}}</strong>
% if advice and advice['mode'] == key:
 <span class="tag">{{_('our advice')}}</span>
% end
        <span class="muted">{{_(words.MODES_EXPLAINED[key])}}</span></span></label>
% if key == 'preview':
        <div class="choice-extra">
        <div class="field"><label for="f-preview_offer">{{_('How a record comes to an agent')}}</label><select id="f-preview_offer" name="preview_offer">
% for offer, said in words.PREVIEW_OFFERS.items():
          <option value="{{offer}}"{{' selected' if shown['preview_offer'] == offer else ''}}>{{_(said)}}</option>
% end
        </select></div>
% include('field.tpl', name='preview_countdown_s', label=_('Dial by itself after'), value=shown['preview_countdown_s'], unit=_('seconds'), hint=_('0: only when the agent dials. The agent can stop the timer.'), more={'inputmode': 'numeric', 'class': 'short'})
        </div>
% elif key == 'power':
        <div class="choice-extra">
% include('field.tpl', name='lines_per_agent', label=_('Calls for each ready agent'), value=shown['lines_per_agent'], hint=_('More than one means that somebody who answers may find no agent.'), more={'inputmode': 'decimal', 'class': 'short'})
        </div>
% elif key == 'agentless':
        <div class="choice-extra">
        <div class="field"><label for="f-message_text">{{_('Message')}}</label><textarea id="f-message_text" name="message_text" rows="4" maxlength="2000" aria-describedby="h-message_text"{{' aria-invalid=true' if errors.get('message_text') else ''}}>{{shown['message_text']}}</textarea>
        <p class="hint" id="h-message_text">{{_('Spoken by the box. Filled in: a column of the list in braces, {Name}, and {caller_name}, {number}, {opt_out_number}, {opt_out_key}. Say who calls and why, and that key 9 ends further calls.')}}</p>
% if errors.get('message_text'):
        <p class="mistake">{{errors['message_text']}}</p>
% end
        </div>
        <label class="tick"><input type="checkbox" name="agent_key" value="1"{{' checked' if shown['agent_key'] else ''}}><span>{{_('Key 2 connects to an agent')}}</span></label>
        </div>
% end
      </div>
% end
      </div>
% if errors.get('mode'):
      <p class="mistake">{{errors['mode']}}</p>
% end
    </fieldset>
    <div class="stack gap-top">
    <div class="with-term"><label class="tick"><input type="checkbox" name="amd_enabled" value="1"{{' checked' if shown['amd_enabled'] else ''}}><span>{{_('AMD: recognise answering machines and hang up')}}</span></label>
% include('term.tpl', key='amd')
    </div>
% include('field.tpl', term='abandon_rate', name='abandon_target_pc', label=_('Abandon rate, at most'), value=shown['abandon_target_pc'], unit='%', hint=_('Persons who were reached and found no agent.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'abandon_target_pc': errors.get('abandon_target', '')})
    </div>
% include('abandon_fields.tpl')
% include('wizard_foot.tpl')
  </section>
</form>
