% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
<form method="post" action="{{path}}/results" id="step" class="form" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="with_retry" value="1"><input type="hidden" name="with_codes" value="1">
  <section class="card">
    <h2 class="step-title">{{_('When is somebody called again?')}} \\
% include('term.tpl', key='retry')
</h2>
    <div class="grid">
% include('field.tpl', name='max_attempts', label=_('Attempts per contact'), value=shown['max_attempts'], hint=_('At most, whatever the results are.'), more={'inputmode': 'numeric', 'class': 'short'})
% include('field.tpl', name='min_gap_h', label=_('Pause between attempts'), value=shown['min_gap_h'], unit=_('hours'), hint=_('At least, before the same contact is called again.'), more={'inputmode': 'decimal', 'class': 'short'}, errors={**errors, 'min_gap_h': errors.get('min_gap_s', '')})
    </div>
    <p class="hint gap-top with-term">{{_('A promised callback comes at its time, whatever the pause; a personal one to the agent who promised it.')}} \\
% include('term.tpl', key='callback')
</p>
    <details class="more"{{' open' if errors.get('retry') else ''}}><summary>{{_('After each result: how long to wait, how often')}}</summary>
% include('campaign_retry.tpl')
    </details>
  </section>
  <section class="card">
    <h2 class="step-title">{{_('What can agents choose after a call?')}} \\
% include('term.tpl', key='wrap_up_code')
</h2>
    <p>{{L.listing([code.label_de if L.code == 'de' else code.label_en for _key, code in sorted(shown['codes'].items())])}}</p>
    <div class="gap-top">
% include('field.tpl', name='wrap_up_limit_s', label=_('Time for the wrap-up'), value=shown['wrap_up_limit_s'], unit=_('seconds'), hint=_('Then the automatic result is saved.'), more={'inputmode': 'numeric', 'class': 'short'})
    </div>
    <details class="more"{{' open' if errors.get('wrap_up_codes') or errors.get('automatic_wrap_up_code') else ''}}><summary>{{_('Change the wrap-up codes')}}</summary>
    <div class="stack">
% include('campaign_codes.tpl')
    </div>
    </details>
% include('wizard_foot.tpl', may_skip=False, label=_('To the forecast'))
  </section>
</form>
