% drawing = view.drawing(picture, L)
<svg class="rear" viewBox="0 0 {{drawing.width}} {{drawing.height}}" role="img" aria-labelledby="rear-name" aria-describedby="rear-told">
  <title id="rear-name">{{_('Rear of the box')}}</title>
  <desc id="rear-told">{{drawing.told}}</desc>
  <rect class="case" x="2" y="2" width="{{drawing.width - 4}}" height="{{drawing.height - 4}}" rx="10"></rect>
  <circle class="lamp {{view.light(picture)}}" cx="28" cy="30" r="8"></circle>
  <circle class="plug" cx="{{drawing.width - 30}}" cy="30" r="9"></circle>
  <text class="label" x="{{drawing.width - 48}}" y="35" text-anchor="end">{{_('power')}}</text>
% for port in drawing.ports:
  <g class="port {{port.look}}" data-key="p{{port.name}}">
    <rect x="{{port.x}}" y="{{port.y}}" width="76" height="46" rx="5"></rect>
    <text class="sign" x="{{port.x + 38}}" y="{{port.y + 31}}" text-anchor="middle">{{port.sign}}</text>
    <text class="label" x="{{port.x + 38}}" y="{{port.y + 64}}" text-anchor="middle">{{port.name}}</text>
  </g>
% end
</svg>
<ul class="ports-legend">
% for port in drawing.ports:
  <li><span class="port-sign" aria-hidden="true">{{port.sign}}</span> {{port.name}}: {{port.word}}</li>
% end
</ul>
