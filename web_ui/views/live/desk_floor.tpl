% for notice in desk.get('notices') or ():
<div class="note plain" role="status" data-key="notice{{notice['id']}}-{{notice['at']}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('{campaign} has started: calls come as soon as you are ready.', campaign=notice['campaign']) if notice['kind'] == 'started' else _('{campaign} is about to begin. Are you there?', campaign=notice['campaign'])}} <span class="muted">{{L.moment(notice['at'])}}</span></p><button class="small" type="button" data-do="confirm" data-id="{{notice['id']}}">{{_('OK, I am here')}}</button></div>
% end
% for message in desk.get('messages') or ():
<div class="note plain" data-key="msg{{message['id']}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p><strong>{{message['from']}}:</strong> {{message['text']}}</p><button class="small" type="button" data-do="read" data-id="{{message['id']}}">{{_('Read')}}</button></div>
% end
% for each in desk.get('monitored') or ():
<p class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#listening"></use></svg><span>{{_('{name} takes part in this call: {how}.', name=each['name'], how=words.word(words.MONITORING, each['kind'], L))}}</span></p>
% end
% if desk.get('state') not in (None, 'logged_out'):
<p class="row"><button class="small quiet" type="button" data-do="hand" data-up="{{'' if desk.get('hand') else '1'}}" id="b-hand" aria-pressed="{{'true' if desk.get('hand') else 'false'}}">{{_('A supervisor is asked to come') if desk.get('hand') else _('Ask a supervisor to come')}}</button></p>
% end
