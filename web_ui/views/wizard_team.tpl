% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
<form method="post" action="{{path}}/team" id="step" class="form" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <fieldset class="field" id="f-agent_ids" tabindex="-1"><legend><h2 class="step-title">{{_('Who talks to them?')}} \\
% include('term.tpl', key='agent')
</h2></legend>
% if not agents:
      <p class="hint">{{_('There are no agents yet. Everything here is saved: add a person, then come back to this draft.')}} <a href="/users/new">{{_('Add a person')}}</a></p>
% end
      <div class="choices">
% for each in agents:
      <label class="choice"><input type="checkbox" name="agent_ids" value="{{each.id}}"{{' checked' if each.id in shown['agent_ids'] else ''}}><span><strong>{{each.name}}</strong> <span class="muted">{{words.word(words.AGENT_STATES, agent_states.get(each.id, {}).get('state', 'logged_out'), L)}}</span></span></label>
% end
      </div>
% if errors.get('agent_ids'):
      <p class="mistake">{{errors['agent_ids']}}</p>
% end
    </fieldset>
  </section>
  <section class="card">
    <fieldset class="field" id="f-trunk" tabindex="-1"><legend><h2 class="step-title">{{_('Over which trunk?')}} \\
% include('term.tpl', key='trunk')
</h2></legend>
% if not trunks:
      <p class="hint">{{_('No trunk is set up. Trunks are entered in the settings file of the box.')}}</p>
      <input type="hidden" name="trunk" value="{{shown['trunk']}}">
% end
      <div class="choices">
% for each in trunks:
% state = trunk_states.get(each.name, {})
      <label class="choice"><input type="radio" name="trunk" value="{{each.name}}"{{' checked' if shown['trunk'] == each.name else ''}}><span><strong>{{each.name}}</strong>
% include('live/state.tpl', state='up' if state.get('up') else 'down', icon='check' if state.get('up') else 'alert', word=_('up') if state.get('up') else _('down'))
        <span class="muted">{{ngettext('{count} line', '{count} lines', int(state.get('lines') or 0))}}{{' · ' + L.listing([L.phone(n) for n in each.caller_ids]) if each.caller_ids else ''}}</span>
% if state and not state.get('up'):
        <span class="mistake">{{_('This trunk is down. The draft can be finished, but the campaign starts only when the trunk is up again.')}}</span>
% end
      </span></label>
% end
      </div>
% if errors.get('trunk'):
      <p class="mistake">{{errors['trunk']}}</p>
% end
    </fieldset>
    <details class="more"{{' open' if errors.get('max_lines') else ''}}><summary>{{_('More: lines, dialling by hand')}}</summary>
    <div class="stack">
% include('field.tpl', name='max_lines', label=_('Lines at once, at most'), value=shown['max_lines'], hint=_('0: as many as the trunk has for campaigns.'), more={'inputmode': 'numeric', 'class': 'short'})
    <label class="tick"><input type="checkbox" name="manual_dialling" value="1"{{' checked' if shown['manual_dialling'] else ''}}><span>{{_('Agents may also type numbers; the same rules hold')}}</span></label>
    </div>
    </details>
% include('wizard_foot.tpl')
  </section>
</form>
