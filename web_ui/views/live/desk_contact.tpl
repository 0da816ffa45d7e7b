% call = desk.get('call') or desk.get('offer') or {}
% if call and desk.get('state') in ('reserved', 'talking', 'wrap_up'):
<h2>{{_('Contact')}}</h2>
<dl class="facts">
  <dt>{{_('Name')}}</dt><dd>{{call.get('name') or '–'}}</dd>
  <dt>{{_('Number')}}</dt><dd class="number">{{L.phone(call.get('number', ''))}}</dd>
% for name, value in (call.get('fields') or {}).items():
  <dt>{{name}}</dt><dd>{{value}}</dd>
% end
</dl>
<h3 class="sub">{{_('Calls before')}}</h3>
% if not desk.get('history'):
<p class="empty">{{_('This is the first attempt.')}}</p>
% else:
<ol class="story">
% for each in desk['history']:
  <li><time>{{L.moment(each.get('at') or 0)}}</time> <span>{{past_words(each, L)}}\\
% if each.get('note'):
: <span class="note-text">{{each['note']}}</span>\\
% end
</span>
% if each.get('disposition') == 'machine' and each.get('attempt'):
% if each.get('person'):
    <span class="tag">{{_('Reported: it was a person, not a machine')}}</span>
% else:
    <button class="small quiet" type="button" data-do="was_person" data-attempt="{{each['attempt']}}">{{_('That was a person')}}</button>
% end
% end
</li>
% end
</ol>
% end
% end
