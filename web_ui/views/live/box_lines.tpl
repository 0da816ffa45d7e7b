% if not picture.lines:
<p class="empty">{{_('This box has no analog lines.')}}</p>
% end
% for line in picture.lines.values():
<div class="part" data-key="l{{line['name']}}">
  <div class="row apart"><h3>{{line['name']}}</h3>
% include('live/state.tpl', state='down' if line.get('wrong', {}).get('key') else 'ready' if view.line_free(line) else 'ringing' if line.get('state') == 'ringing' else 'talking', icon='alert' if line.get('wrong', {}).get('key') else 'phone', word=view.line_word(line, L))
  </div>
% wrong = view.wrong(line, L)
% if wrong:
  <p class="mistake">{{wrong}}</p>
% end
% include('box_facts.tpl', facts=view.line_facts(line, L))
  <div class="row">
    <button class="small" form="act" formaction="/box/lines/{{line['name']}}/test"{{'' if view.line_free(line) else ' disabled'}}>{{_('Test line')}}<span class="sr"> {{line['name']}}</span></button>
    <button class="small" form="act" formaction="/box/lines/{{line['name']}}/learn"{{'' if view.line_free(line) else ' disabled'}}>{{_('Learn hang-up')}}<span class="sr"> {{line['name']}}</span></button>
  </div>
</div>
% end
