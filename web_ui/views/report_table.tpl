<section class="card{{' half' if len(table.columns) < 4 and not table.chart else ''}}" aria-labelledby="{{table.key}}-title"><h2 id="{{table.key}}-title">{{table.title}}</h2>
% if not table.lines:
  <p class="empty">{{table.empty}}</p>
% else:
% if table.chart and table.chart.highest:
% drawn = draw(table.chart, L)
  <svg class="plot" viewBox="0 0 360 190" role="img" aria-label="{{table.chart.label}}">
% for mark in drawn.scale:
    <line class="grid" x1="{{drawn.left}}" x2="{{drawn.right}}" y1="{{mark.at}}" y2="{{mark.at}}"></line><text class="scale" x="{{drawn.left - 4}}" y="{{mark.at + 2}}">{{mark.text}}</text>
% end
% for group in drawn.groups:
    <g><title>{{group.words}}</title>\\
% for box in group.boxes:
<rect class="{{box.look}}" x="{{box.x}}" y="{{box.y}}" width="{{box.width}}" height="{{box.height}}"></rect>\\
% end
</g>
% end
% for mark in drawn.labels:
    <text class="label" x="{{mark.at}}" y="{{drawn.foot}}">{{mark.text}}</text>
% end
  </svg>
  <p class="row legend small-text">
% for series in table.chart.series:
    <span><i class="{{series.look}}"></i>{{series.name}}</span>
% end
  </p>
% end
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=table.title)}}"><table class="rows">
    <thead><tr>
% for column in table.columns:
      <th scope="col" class="{{'figure' if column.figure else ''}}">{{column.title}}</th>
% end
    </tr></thead>
    <tbody>
% for line in table.lines:
    <tr class="{{'sum' if line.sum else ''}}">
% for number, text in enumerate(texts(line)):
% if number == 0:
      <th scope="row">\\
% if line.href and may('campaigns'):
<a href="{{line.href}}">{{text}}</a>\\
% else:
{{text}}\\
% end
</th>
% else:
      <td class="{{'figure' if table.columns[number].figure else ''}}">{{text}}</td>
% end
% end
    </tr>
% end
    </tbody></table></div>
% if table.note:
  <p class="hint">{{table.note}}</p>
% end
% end
</section>
