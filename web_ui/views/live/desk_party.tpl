% party = desk.get('party') or {}
% tape = desk.get('tape') or {}
% if tape:
<div class="row" role="group" aria-label="{{_('Recording')}}"><p class="told" role="status">{{_('This call is being recorded.') if tape.get('on') else words.word(words.TAPE_RESTS, tape.get('why') or 'not_asked', L)}}</p>
% if tape.get('stops'):
  <button class="small" type="button" data-do="record" data-up="" id="b-record">{{_('Stop the recording')}}</button>
% elif tape.get('goes_on'):
  <button class="small" type="button" data-do="record" data-up="1" id="b-record">{{_('The customer agrees: record')}}</button>
% end
</div>
% end
% other = party.get('other') or {}
% wishes = party.get('wishes') or ()
% if party.get('role') == 'other':
<p class="told"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{_('{name} has this call and asks you in.', name=party.get('first', ''))}}</p>
% elif party.get('handed'):
<p class="told"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{_('This call was handed to you. Your result is kept beside the first one.')}}</p>
% end
% if other and party.get('role') == 'first':
<p class="told"><strong>{{other.get('name', '')}}</strong> {{words.word(words.STAGES, party.get('stage'), L)}}</p>
<div class="row call-actions" role="group" aria-label="{{_('The other party')}}">
% for wish, text, name in (('toggle', _('Change over'), 'b-toggle'), ('join', _('All together'), 'b-join'), ('complete', _('Hand over'), 'b-complete'), ('take_back', _('Take the customer back'), 'b-take-back')):
% if wish in wishes:
  <button type="button" data-do="party" data-wish="{{wish}}" id="{{name}}" aria-keyshortcuts="{{keys.shortcut('hold') if wish == 'toggle' else ''}}">{{text}}\\
% if wish == 'toggle':
 <kbd>{{keys.hint('hold')}}</kbd>\\
% end
</button>
% end
% end
</div>
% elif 'ask' in wishes:
% if party.get('told'):
<p class="told" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{_('Nobody answered; the customer is with you again.') if party['told'] == 'not_answered' else _('The other hung up; the customer is with you again.')}}</p>
% end
<div class="row call-actions"><button type="button" popovertarget="whom" id="b-whom" aria-keyshortcuts="{{keys.shortcut('ask')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#people"></use></svg>{{_('Ask or hand over')}} <kbd>{{keys.hint('ask')}}</kbd></button></div>
% end
