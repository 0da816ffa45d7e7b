<dl class="facts">
% for fact in facts:
  <dt>{{fact.label}}</dt><dd class="{{'over' if fact.bad else ''}}">\\
% if fact.bad:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg> \\
% end
{{fact.value}}</dd>
% end
</dl>
