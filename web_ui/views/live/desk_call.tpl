% call = desk.get('call') or {}
% state = desk.get('state')
% on = state == 'talking'
% offer = desk.get('offer') or {}
% if offer:
% include('live/desk_offer.tpl')
% elif not call or state not in ('reserved', 'talking', 'wrap_up'):
% said = told_words(desk, L)
% if said:
<p class="told"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{said}}</p>
% end
% if state == 'ready' and desk.get('fetch'):
<div class="row call-actions"><button class="primary" type="button" data-do="next" id="b-next" aria-keyshortcuts="{{keys.shortcut('take')}}">{{_('Fetch the next record')}} <kbd>{{keys.hint('take')}}</kbd></button></div>
% else:
<p class="no-call muted">{{_('No call right now.') if state != 'ready' else _('Waiting for the next call. It appears here by itself.')}}</p>
% end
% else:
<div class="who-calls">
  <h2>{{call.get('name') or (L.phone(call['number']) if call.get('number') else _('Number withheld'))}}</h2>
  <p><span class="number">{{L.phone(call.get('number', ''))}}</span> · {{kind_words(call['incoming'], L) if call.get('incoming') else _('Outbound')}} · {{(desk.get('campaign') or {}).get('name', '')}}</p>
% if (desk.get('card') or {}).get('reason'):
  <p class="why-called"><span class="sr">{{_('Reason of this call:')}} </span>{{desk['card']['reason']}}</p>
% end
% promised = promised_words(desk, L)
% if promised:
  <p class="told"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#callbacks"></use></svg><span class="tag expected">{{_('Callback')}}</span> {{promised}}</p>
% end
</div>
<p class="call-state">
% shown = 'held' if call.get('held') and on else ('bridged' if on else ('wrap_up' if state == 'wrap_up' else 'reserved'))
% own = state == 'reserved' and call.get('own')
% asked = state == 'reserved' and (call.get('incoming') or {}).get('asked')
% ended = _('Ended by {side}', side=words.word(words.SIDES, call.get('ended_by'), L)) if call.get('ended_by') else _('Ended')
% if own:
% include('live/state.tpl', state=call.get('state', ''), icon='phone', word=words.word(words.CALL_STATES, call.get('state'), L))
% else:
% include('live/state.tpl', state=shown, icon=shown, word={'held': _('On hold'), 'bridged': _('Connected'), 'wrap_up': ended, 'reserved': _('Incoming call') if asked else _('Connecting')}[shown])
% end
% if call.get('since'):
  <time class="timer large" data-since="{{call['since'] if on else desk.get('since', 0)}}">{{L.time(call['since'])}}</time>
% end
</p>
% machine = machine_words(call, L) if on else ''
% if machine:
<div class="note machine"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p><strong>{{machine}}</strong> {{_('Leave the message and go on, or hang up.') if call.get('can_leave') else _('Hang up, or go on if it is a person after all.')}}</p></div>
% end
% if on:
<div class="row call-actions">
% if call.get('can_leave'):
  <button type="button" data-do="leave_message" id="b-leave" aria-keyshortcuts="{{keys.shortcut('leave')}}"{{' class=primary' if machine else ''}}>{{_('Leave the message and go on')}} <kbd>{{keys.hint('leave')}}</kbd></button>
% end
% if (desk.get('party') or {}).get('stage', 'talk') == 'talk':
% if call.get('held'):
  <button type="button" data-do="unhold" id="b-hold" aria-keyshortcuts="{{keys.shortcut('hold')}}" aria-pressed="true"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#play"></use></svg>{{_('Take back')}} <kbd>{{keys.hint('hold')}}</kbd></button>
% else:
  <button type="button" data-do="hold" id="b-hold" aria-keyshortcuts="{{keys.shortcut('hold')}}" aria-pressed="false"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#pause"></use></svg>{{_('Hold')}} <kbd>{{keys.hint('hold')}}</kbd></button>
% end
% end
  <button class="danger" type="button" data-do="hang_up" id="b-hang-up" aria-keyshortcuts="{{keys.shortcut('hang_up')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#hang-up"></use></svg>{{_('Hang up')}} <kbd>{{keys.hint('hang_up')}}</kbd></button>
  <details class="keypad" id="keypad"><summary class="button"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#keypad"></use></svg>{{_('Keypad')}}</summary>
    <div class="keys">
% for digit in '123456789*0#':
      <button type="button" data-do="digits" data-digits="{{digit}}">{{digit}}</button>
% end
    </div>
  </details>
</div>
% include('live/desk_party.tpl')
% elif asked:
<div class="row call-actions"><button class="primary" type="button" data-do="accept" id="b-accept" aria-keyshortcuts="{{keys.shortcut('take')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg>{{_('Take the call')}} <kbd>{{keys.hint('take')}}</kbd></button>
  <button type="button" data-do="decline" id="b-decline" aria-keyshortcuts="{{keys.shortcut('back')}}">{{_('Leave it to somebody else')}} <kbd>{{keys.hint('back')}}</kbd></button></div>
% elif own:
<div class="row call-actions"><button class="danger" type="button" data-do="hang_up" id="b-hang-up" aria-keyshortcuts="{{keys.shortcut('hang_up')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#hang-up"></use></svg>{{_('Hang up')}} <kbd>{{keys.hint('hang_up')}}</kbd></button></div>
% end
% if call.get('verdict') and state in ('talking', 'wrap_up'):
<div class="row verdict-words" role="group" aria-label="{{_('Machine detection')}}">
  <span class="muted">{{_('Recognised: {verdict}', verdict=words.word(words.VERDICTS, call['verdict'].get('label'), L))}}</span>
% for said, text in (('machine', _('That was a machine')), ('person', _('That was a person'))):
  <button type="button" data-do="word" data-said="{{said}}" data-attempt="{{desk.get('attempt')}}" id="b-{{said}}" aria-pressed="{{'true' if desk.get('word') == said else 'false'}}" aria-keyshortcuts="{{keys.shortcut(said)}}">{{text}} <kbd>{{keys.hint(said)}}</kbd></button>
% end
</div>
% end
% end
