% title = _('Edit campaign') if campaign else _('New campaign')
% rebase('base.tpl', title=title, scripts=[])
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a></p><h1>{{title}}</h1></div>
% include('mistakes.tpl')
<form method="post" action="{{'/campaigns/%d' % campaign.id if campaign else '/campaigns'}}" class="form sections" novalidate>
<input type="hidden" name="csrf" value="{{visit.csrf}}">
<input type="hidden" name="country" value="{{shown['country']}}">
<section class="card" aria-labelledby="s-who">
  <h2 id="s-who">{{_('Who is called')}}</h2>
  <div class="stack">
% include('field.tpl', name='name', label=_('Name of the campaign'), value=shown['name'], more={'required': '', 'maxlength': '120', 'autocomplete': 'off'})
  <div class="field">
    <label for="f-contact_list_id">{{_('Contact list')}}</label>
% if lists:
    <select id="f-contact_list_id" name="contact_list_id"{{' aria-invalid=true' if errors.get('contact_list_id') else ''}}>
      <option value="">{{_('Choose a list')}}</option>
% for each in lists:
      <option value="{{each.id}}"{{' selected' if str(shown['contact_list_id']) == str(each.id) else ''}}>{{each.name}} · {{ngettext('{count} contact', '{count} contacts', each.contacts)}}</option>
% end
    </select>
% else:
    <p class="hint" id="f-contact_list_id">{{_('There is no contact list yet.')}} <a href="/lists/new">{{_('Upload a list')}}</a></p>
% end
% if errors.get('contact_list_id'):
    <p class="mistake">{{errors['contact_list_id']}}</p>
% end
  </div>
  <fieldset class="field" id="f-dnc_list_ids" tabindex="-1">
    <legend>{{_('DNC lists')}} \\
% include('term.tpl', key='dnc')
</legend>
    <p class="hint">{{_('Nobody on these lists is called. The list of opt-outs is always asked.')}}</p>
% for each in dnc_lists:
    <label class="tick"><input type="checkbox" name="dnc_list_ids" value="{{each.id}}"{{' checked' if each.id == 1 or each.id in shown['dnc_list_ids'] else ''}}{{' disabled' if each.id == 1 else ''}}><span>{{words.dnc_name(each.name, L)}} <span class="muted">{{ngettext('{count} number', '{count} numbers', each.entries)}}</span></span></label>
% end
  </fieldset>
% include('campaign_rules.tpl')
  </div>
</section>
<section class="card" aria-labelledby="s-agents">
  <h2 id="s-agents">{{_('Who calls')}}</h2>
  <div class="stack">
% include('campaign_mode.tpl')
  <fieldset class="field" id="f-agent_ids" tabindex="-1">
    <legend>{{_('Agents')}} \\
% include('term.tpl', key='agent')
</legend>
% if not agents:
    <p class="hint">{{_('No agents yet.')}} <a href="/users/new">{{_('Add a person')}}</a></p>
% end
    <div class="ticks">
% for each in agents:
    <label class="tick"><input type="checkbox" name="agent_ids" value="{{each.id}}"{{' checked' if each.id in shown['agent_ids'] else ''}}><span>{{each.name}}</span></label>
% end
    </div>
% if errors.get('agent_ids'):
    <p class="mistake">{{errors['agent_ids']}}</p>
% end
  </fieldset>
  <div class="grid">
  <div class="field">
    <span class="label-row"><label for="f-trunk">{{_('Trunk')}}</label> \\
% include('term.tpl', key='trunk')
</span>
    <select id="f-trunk" name="trunk">
% if len(trunks) != 1:
      <option value="">{{_('any')}}</option>
% end
% for each in trunks:
      <option{{' selected' if shown['trunk'] == each.name else ''}}>{{each.name}}</option>
% end
    </select>
% if errors.get('trunk'):
    <p class="mistake">{{errors['trunk']}}</p>
% end
  </div>
  <div class="field">
    <span class="label-row"><label for="f-caller_id">{{_('Number shown')}}</label> \\
% include('term.tpl', key='caller_id')
</span>
    <select id="f-caller_id" name="caller_id">
      <option value="">{{_('as the trunk does')}}</option>
% for number in sorted({n for each in trunks for n in each.caller_ids} | ({shown['caller_id']} if shown['caller_id'] else set())):
      <option{{' selected' if shown['caller_id'] == number else ''}} value="{{number}}">{{L.phone(number)}}</option>
% end
    </select>
% if errors.get('caller_id'):
    <p class="mistake">{{errors['caller_id']}}</p>
% end
  </div>
  </div>
  </div>
</section>
<section class="card" aria-labelledby="s-when">
  <h2 id="s-when">{{_('When')}}</h2>
  <fieldset class="field" id="f-windows" tabindex="-1">
    <legend>{{_('Call windows')}} \\
% include('term.tpl', key='call_window')
</legend>
    <p class="hint">{{_('In the contact’s own time. Outside these hours nobody is called; a second window leaves room for a break.')}}</p>
% if errors.get('windows'):
    <p class="mistake">{{errors['windows']}}</p>
% end
% include('campaign_week.tpl')
  </fieldset>
  <div class="grid gap-top">
% include('field.tpl', name='first_day', label=_('First day'), value=shown['first_day'], type='date', hint=_('Nobody is called before it. Empty: from the start on.'), more={'class': 'short'})
% include('field.tpl', name='last_day', label=_('Last day'), value=shown['last_day'], type='date', hint=_('When it is over, the campaign stops by itself. Empty: until all contacts are closed.'), more={'class': 'short'})
% include('field.tpl', term='attempt', name='max_attempts', label=_('Attempts per contact'), value=shown['max_attempts'], hint=_('At most, whatever the results are.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='min_gap_h', label=_('Pause between attempts'), value=shown['min_gap_h'], unit=_('hours'), hint=_('At least, before the same contact is called again.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'min_gap_h': errors.get('min_gap_s', '')})
% include('field.tpl', name='max_attempts_number', label=_('Attempts per number'), value=shown['max_attempts_number'], hint=_('For contacts with several numbers, and numbers several contacts have; 0: as often as per contact.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='other_number_gap_min', label=_('Pause before the next number'), value=shown['other_number_gap_min'], unit=_('minutes'), hint=_('When nobody was reached at one number of a contact, another is tried after this.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'other_number_gap_min': errors.get('other_number_gap_s', '')})
  </div>
  <details class="more"{{' open' if errors.get('retry') or errors.get('default_zone') else ''}}>
    <summary>{{_('More: retry rules and time zone')}}</summary>
    <div class="stack">
% include('field.tpl', name='default_zone', label=_('Time zone of contacts without one'), value=shown['default_zone'], more={'spellcheck': 'false'})
    <input type="hidden" name="with_retry" value="{{'1' if shown['retry'] else ''}}">
% if shown['retry']:
% include('campaign_retry.tpl')
% else:
    <p class="hint">{{_('Retry rules start with good values and can be changed here once the campaign is saved.')}}</p>
% end
    </div>
  </details>
</section>
<section class="card" aria-labelledby="s-how">
  <h2 id="s-how">{{_('How')}}</h2>
  <div class="stack">
  <label class="tick"><input type="checkbox" name="amd_enabled" value="1"{{' checked' if shown['amd_enabled'] else ''}}><span>{{_('AMD: recognise answering machines and hang up')}}</span></label>
  <div class="grid">
% include('field.tpl', term='abandon_rate', name='abandon_target_pc', label=_('Abandon rate, at most'), value=shown['abandon_target_pc'], unit='%', hint=_('Persons who were reached and found no agent.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'abandon_target_pc': errors.get('abandon_target', '')})
% include('field.tpl', name='wrap_up_limit_s', label=_('Time for the wrap-up'), value=shown['wrap_up_limit_s'], unit=_('seconds'), hint=_('Then the automatic result is saved.'), more={'inputmode': 'numeric', 'class': 'short'})
  </div>
  </div>
  <details class="more"{{' open' if any(errors.get(n) for n in ('ring_timeout_s', 'hold_s', 'wrap_up_codes', 'automatic_wrap_up_code', 'amd_sensitivity', 'on_machine', 'on_screen', 'on_music', 'on_silence', 'drop_text', 'drop_file', 'drop_wait_s', 'audit_share')) else ''}}>
    <summary>{{_('More: ringing, AMD, recording, wrap-up codes')}}</summary>
    <div class="stack">
    <div class="grid">
% include('field.tpl', name='ring_timeout_s', label=_('Let it ring for'), value=shown['ring_timeout_s'], unit=_('seconds'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='hold_s', label=_('Person waits at most'), value=shown['hold_s'], unit=_('seconds'), hint=_('Without an agent by then: announcement, counted as abandoned.'), more={'inputmode': 'decimal', 'class': 'short'})
    </div>
    <div class="field"><label for="f-amd_sensitivity">{{_('AMD decides')}}</label><select id="f-amd_sensitivity" name="amd_sensitivity">
% for key, text in words.SENSITIVITIES.items():
      <option value="{{key}}"{{' selected' if shown['amd_sensitivity'] == key else ''}}>{{_(text)}}</option>
% end
    </select></div>
% include('campaign_machine.tpl')
    <div><label class="tick"><input type="checkbox" name="record_calls" value="1"{{' checked' if shown['record_calls'] else ''}}><span>{{_('Record calls')}}</span></label>
    <p class="hint">{{_('Recording without the consent of both sides is a crime in Germany (§ 201 StGB). Switch it on only if you get and keep that consent.')}}</p></div>
    <div><label class="tick"><input type="checkbox" name="record_on_request" value="1"{{' checked' if shown['record_on_request'] else ''}}><span>{{_('Agents may record a call when the customer agrees')}}</span></label>
    <p class="hint">{{_('Nothing is recorded until the agent has asked and says so by a button; who and when is kept with the call.')}}</p></div>
    <input type="hidden" name="with_codes" value="{{'1' if shown['codes'] else ''}}">
% if shown['codes']:
% include('campaign_codes.tpl')
% else:
    <p class="hint">{{_('Wrap-up codes start with a usual set and can be changed here once the campaign is saved.')}}</p>
% end
    </div>
  </details>
</section>
<div class="row foot"><button class="primary">{{_('Save')}}</button><a class="button quiet" href="{{'/campaigns/%d' % campaign.id if campaign else '/campaigns'}}">{{_('Cancel')}}</a></div>
</form>
