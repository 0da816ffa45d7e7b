% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
<form method="post" action="{{path}}/hours" id="step" class="form" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <fieldset class="field" id="f-windows" tabindex="-1"><legend><h2 class="step-title">{{_('At which hours may people be called?')}} \\
% include('term.tpl', key='call_window')
</h2></legend>
      <p class="hint">{{_('In the contact’s own time. Outside these hours nobody is called; a second window leaves room for a break.')}}</p>
% if packs[pack]['rules'].get('hours'):
      <div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('The rules of {country} allow: {hours}. What goes beyond is never used.', country=rule_words.word(rule_words.PACKS, pack, L), hours=pack_words.hours(packs[pack], L))}}\\
% if packs[pack]['rules'].get('holidays'):
 {{_('Public holidays are kept by themselves.')}}\\
% end
</p></div>
% end
% if errors.get('windows'):
      <p class="mistake">{{errors['windows']}}</p>
% end
% include('campaign_week.tpl')
    </fieldset>
    <div class="grid gap-top">
% include('field.tpl', name='first_day', label=_('First day'), value=shown['first_day'], type='date', hint=_('Nobody is called before it. Empty: from the start on.'), more={'class': 'short'})
% include('field.tpl', name='last_day', label=_('Last day'), value=shown['last_day'], type='date', hint=_('When it is over, the campaign stops by itself. Empty: until all contacts are closed.'), more={'class': 'short'})
    </div>
    <details class="more"{{' open' if errors.get('default_zone') else ''}}><summary>{{_('More: time zone')}}</summary>
% include('field.tpl', name='default_zone', label=_('Time zone of contacts without one'), value=shown['default_zone'], more={'spellcheck': 'false'})
    </details>
% include('wizard_foot.tpl')
  </section>
</form>
