% call = desk.get('call') or desk.get('offer') or {}
% if call and desk.get('state') in ('reserved', 'talking', 'wrap_up'):
% card = desk.get('card') or {}
% fields = card.get('fields') if card else [{'column': name, 'value': value, 'editable': False} for name, value in (call.get('fields') or {}).items()]
<div class="row apart"><h2>{{_('Contact')}}</h2>\\
% if any(each['editable'] for each in fields):
<button class="small" type="button" id="b-card">{{_('Change')}}</button>\\
% end
</div>
<dl class="facts">
% if not any(each['column'] == '@name' for each in fields):
  <dt>{{_('Name')}}</dt><dd>{{call.get('name') or '–'}}</dd>
% end
  <dt>{{_('Number')}}</dt><dd class="number">{{L.phone(call.get('number', ''))}}</dd>
% for each in fields:
  <dt>{{card_label(each, L)}}</dt><dd>{{each['value'] or '–'}}</dd>
% end
  <dt>{{_('Kind of call')}}</dt><dd>{{call_kind(desk, L)}}</dd>
% if card.get('best_time'):
  <dt>{{_('Best time to reach')}}</dt><dd>{{card['best_time']}}</dd>
% end
% if card.get('reached'):
  <dt>{{_('Reached before')}}</dt><dd>{{', '.join(L.moment(at) for at in card['reached'])}}</dd>
% end
% for each in card.get('edits') or ():
  <dt>{{_('Changed')}}</dt><dd>{{card_label(each, L)}} <span class="muted">{{each['by']}}, {{L.moment(each['at'])}}</span></dd>
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
% if each.get('answers'):
    <dl class="answers">
% for answer in each['answers']:
      <div><dt>{{answer['label']}}</dt><dd>{{answer_words(answer, L)}}</dd></div>
% end
    </dl>
% end
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
