% kind = get('type', 'text')
% mistake = errors.get(name, '')
% said = get('hint', '')
<div class="field {{get('width', '')}}">
% if get('term', ''):
  <span class="label-row"><label for="f-{{name}}">{{label}}</label> \\
% include('term.tpl', key=get('term', ''))
</span>
% else:
  <label for="f-{{name}}">{{label}}</label>
% end
  <div class="control"><input id="f-{{name}}" name="{{name}}" type="{{kind}}" value="{{get('value', '')}}"
  % described = ' '.join(i for i in ('h-' + name if said else '', 'e-' + name if mistake else '') if i)
  % if described:
    aria-describedby="{{described}}"
  % end
  % if mistake:
    aria-invalid="true"
  % end
  % for key, setting in get('more', {}).items():
    {{key}}="{{setting}}"
  % end
  >
% if get('unit', ''):
  <span class="unit">{{get('unit')}}</span>
% end
  </div>
% if said:
  <p class="hint" id="h-{{name}}">{{said}}</p>
% end
% if mistake:
  <p class="mistake" id="e-{{name}}">{{mistake}}</p>
% end
</div>
