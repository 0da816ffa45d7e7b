<select name="{{field}}"{{' id=%s' % id if id else ''}}
% if label:
 aria-label="{{label}}"
% end
>
<option value="">{{_('the step after it')}}</option>
% for key, text in goals:
<option value="{{key}}"{{' selected' if chosen == key else ''}}>{{text}}</option>
% end
<option value="end"{{' selected' if chosen == 'end' else ''}}>{{_('the end')}}</option>
% if chosen and chosen != 'end' and chosen not in [key for key, _text in goals]:
<option value="{{chosen}}" selected>{{_('a step that is gone')}}</option>
% end
</select>\\
