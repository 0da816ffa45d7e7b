% state = desk.get('state', 'logged_out')
% phone = desk.get('phone') or {}
% then = desk.get('then') or {}
% today = desk.get('today') or {}
% busy = state in ('reserved', 'talking', 'wrap_up')
<div class="own-state">
% include('live/state.tpl', state=state, icon=state, word=words.word(words.AGENT_STATES, state, L))
% if state == 'paused' and desk.get('reason'):
  <span class="muted">{{words.word(words.REASONS, desk['reason'], L)}}</span>
% end
% if state != 'logged_out' and desk.get('since'):
  <time class="timer" data-since="{{desk['since']}}">{{L.time(desk['since'])}}</time>
% end
% if busy and then.get('state') in ('paused', 'logged_out'):
  <span class="tag">{{_('afterwards: {state}', state=words.word(words.AGENT_STATES, then['state'], L))}}</span>
% end
</div>
<dl class="counters">
  <div><dt>{{_('Calls today')}}</dt><dd>{{L.number(today.get('calls') or 0)}}</dd></div>
  <div><dt>{{_('Talked')}}</dt><dd>{{timer(today.get('talk_s') or 0)}}</dd></div>
  <div class="wide-only"><dt>{{_('Paused')}}</dt><dd>{{timer(today.get('pause_s') or 0)}}</dd></div>
</dl>
<p class="phone-state">
% if phone.get('registered'):
<span class="ok"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg>{{_('Phone open') if phone.get('open') else _('Phone registered')}}</span>
% else:
<span class="off bad"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone-off"></use></svg>{{_('Phone not registered')}}</span>
% end
</p>
<div class="row desk-actions">
% if state == 'logged_out':
  <button class="primary" type="button" data-do="log_in" id="b-log-in">{{_('Log in at the desk')}}</button>
% else:
% if state == 'paused' or (busy and then.get('state') in ('paused', 'logged_out')):
  <button class="{{'primary' if state == 'paused' else ''}}" type="button" data-do="ready" id="b-ready" aria-keyshortcuts="{{keys.shortcut('ready')}}">{{_('Ready')}} <kbd>{{keys.hint('ready')}}</kbd></button>
% end
% if state != 'paused':
  <button type="button" popovertarget="pause-reasons" id="b-pause" aria-keyshortcuts="{{keys.shortcut('ready')}}">{{_('Pause afterwards') if busy else _('Pause')}} <kbd>{{keys.hint('ready')}}</kbd></button>
% else:
  <button type="button" popovertarget="pause-reasons" id="b-pause">{{_('Other reason')}}</button>
% end
% if state == 'paused' and 'takes_incoming' in desk:
  <button class="quiet" type="button" data-do="take_incoming" data-reason="{{'off' if desk['takes_incoming'] else 'on'}}" id="b-incoming" aria-pressed="{{'true' if desk['takes_incoming'] else 'false'}}">{{_('Take incoming calls while pausing')}}</button>
% end
  <div class="drop reasons" id="pause-reasons" popover>
% for key, text in words.PAUSE_REASONS.items():
    <button class="quiet" type="button" data-do="pause" data-reason="{{key}}">{{_(text)}}</button>
% end
  </div>
  <button class="quiet" type="button" data-do="log_out" id="b-log-out">{{_('Leave the desk')}}</button>
% end
</div>
