<div class="who-calls">
  <h2>{{offer.get('name') or L.phone(offer.get('number', ''))}}</h2>
  <p><span class="number">{{L.phone(offer.get('number', ''))}}</span> · {{_('Typed by hand') if offer.get('by_hand') else _('Preview')}} · {{(offer.get('campaign') or {}).get('name', '')}}</p>
% if (desk.get('card') or {}).get('reason'):
  <p class="why-called"><span class="sr">{{_('Reason of this call:')}} </span>{{desk['card']['reason']}}</p>
% end
% promised = promised_words(desk, L)
% if promised:
  <p class="told"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#callbacks"></use></svg><span class="tag expected">{{_('Callback')}}</span> {{promised}}</p>
% end
</div>
<p class="call-state">
% step = offer.get('step')
% include('live/state.tpl', state='reserved', icon='reserved', word={'offered': _('Not dialled yet'), 'opening': _('Your phone is ringing: pick it up')}.get(step, _('Dialling')))
% if step == 'offered' and offer.get('dials_at'):
  <span class="countdown">{{_('dials by itself in')}} <time class="timer large" data-until="{{offer['dials_at']}}">{{L.time(offer['dials_at'])}}</time></span>
% elif step == 'offered' and offer.get('ends_at'):
  <span class="countdown muted">{{_('goes back in')}} <time class="timer" data-until="{{offer['ends_at']}}">{{L.time(offer['ends_at'])}}</time></span>
% end
</p>
% if step == 'offered':
<div class="row call-actions">
  <button class="primary" type="button" data-do="dial" id="b-dial" aria-keyshortcuts="{{keys.shortcut('take')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg>{{_('Dial')}} <kbd>{{keys.hint('take')}}</kbd></button>
% if offer.get('dials_at'):
  <button type="button" data-do="wait" id="b-wait"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#pause"></use></svg>{{_('Stop the timer')}}</button>
% end
% if offer.get('may_skip'):
  <button type="button" popovertarget="skip-reasons" id="b-skip" aria-keyshortcuts="{{keys.shortcut('ask')}}">{{_('Skip')}} <kbd>{{keys.hint('ask')}}</kbd></button>
  <div class="drop reasons" id="skip-reasons" popover aria-label="{{_('Why is this record skipped?')}}">
% for key, text in words.SKIP_REASONS.items():
    <button class="quiet" type="button" data-do="skip" data-reason="{{key}}">{{_(text)}}</button>
% end
  </div>
% end
  <button class="quiet" type="button" data-do="reject" id="b-reject" aria-keyshortcuts="{{keys.shortcut('back')}}">{{_('Give back')}} <kbd>{{keys.hint('back')}}</kbd></button>
</div>
% end
