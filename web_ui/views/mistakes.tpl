% if errors:
<div class="note refused" role="alert" tabindex="-1" id="mistakes"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg>
  <div><p>{{_('Not saved yet:')}}</p>
  <ul>
% for name, text in errors.items():
    <li><a href="#f-{{name}}">{{text}}</a></li>
% end
  </ul></div>
</div>
% end
