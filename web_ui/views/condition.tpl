% offered = get('offered', {})
% places = {key: 'values-%d' % at for at, key in enumerate(offered)}
<fieldset class="checks"><legend>{{legend}}</legend>
  <div class="stack">
% if kept:
  <p class="hint">{{_('At present: {condition}. Checks chosen here take its place.', condition=kept_words)}}</p>
  <input type="hidden" name="c-kept" value="{{kept}}">
% end
  <div class="field"><label for="f-join">{{_('Several checks are joined by')}}</label><select id="f-join" name="c-join" class="short">
% for key, text in joins.items():
    <option value="{{key}}"{{' selected' if key == join else ''}}>{{_(text)}}</option>
% end
  </select></div>
% for at, row in enumerate(rows):
  <div class="row" role="group" aria-label="{{_('Check {number}', number=at + 1)}}">
    <select name="c-field-{{at}}" aria-label="{{_('Field')}}" data-value="c-value-{{at}}"><option value="">{{_('no check')}}</option>
    <optgroup label="{{_('Columns of the list')}}">
% for name in dict.fromkeys([*columns, *([row['field']] if row['field'] and row['field'] not in fields else [])]):
      <option value="{{name}}"{{' selected' if name == row['field'] else ''}} data-list="{{places.get(name, '')}}">{{name}}</option>
% end
    </optgroup>
    <optgroup label="{{_('Known of every contact')}}">
% for key, text in fields.items():
      <option value="{{key}}"{{' selected' if key == row['field'] else ''}} data-list="{{places.get(key, '')}}">{{_(text)}}</option>
% end
    </optgroup>
    </select>
    <select name="c-is-{{at}}" aria-label="{{_('How it is compared')}}">
% for key, text in hows.items():
      <option value="{{key}}"{{' selected' if key == row['is'] else ''}}>{{_(text)}}</option>
% end
    </select>
    <input id="c-value-{{at}}" name="c-value-{{at}}" value="{{row['value']}}" maxlength="500" aria-label="{{_('Value')}}" autocomplete="off"
% if row['field'] in places:
      list="{{places[row['field']]}}"
% end
    >
    <select name="c-as-{{at}}" aria-label="{{_('Compared as')}}">
% for key, text in kinds.items():
      <option value="{{key}}"{{' selected' if key == row['as'] else ''}}>{{_(text)}}</option>
% end
    </select>
  </div>
% end
% for key, found in offered.items():
  <datalist id="{{places[key]}}">\\
% for text in found:
<option value="{{text}}"></option>\\
% end
</datalist>
% end
  <p class="hint">{{_('“Is one of” takes values with commas between. Capital letters and accents make no difference.')}} {{_('Values that occur in the list are offered as you type.')}}</p>
  </div>
</fieldset>
