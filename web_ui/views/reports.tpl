% rebase('base.tpl', title=_('Reports'))
<div class="head"><h1>{{_('Reports')}}</h1>
% if not errors:
% for format, label in (('csv', _('CSV')), ('xlsx', _('Excel')), ('pdf', _('PDF'))):
  <a class="button" href="/reports/report.{{format}}?{{asked.query()}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{label}}</a>
% end
% end
</div>
% include('report_tabs.tpl', tab=asked.kind)
<p class="intro no-print">{{_(about[asked.kind])}}</p>
<form method="get" action="/reports" class="card stack no-print" role="search" aria-label="{{_('What the report is about')}}">
  <input type="hidden" name="kind" value="{{asked.kind}}">
  <div class="row align-end">
% include('field.tpl', name='from', label=_('First day'), type='date', value=asked.first.isoformat(), errors=errors)
% include('field.tpl', name='to', label=_('Last day'), type='date', value=asked.last.isoformat(), errors=errors)
  <div class="field"><label for="f-by">{{_('By')}}</label><select id="f-by" name="by">
% for step, text in view.STEPS.items():
    <option value="{{step}}"{{' selected' if asked.step == step else ''}}>{{_(text)}}</option>
% end
  </select></div>
  <button class="primary">{{_('Show')}}</button>
  </div>
% if campaigns:
  <details class="more"{{' open' if asked.campaigns else ''}}><summary>{{_('Campaigns')}}: {{L.number(len(asked.campaigns)) if asked.campaigns else _('all')}}</summary>
    <fieldset class="ticks"><legend class="sr">{{_('Campaigns')}}</legend>
% for number, name in campaigns.items():
      <label class="tick"><input type="checkbox" name="campaign" value="{{number}}"{{' checked' if number in asked.campaigns else ''}}><span>{{name}}</span></label>
% end
    </fieldset></details>
% end
  <p class="row">
% for key, name in view.SPANS.items():
% first, last = view.span(key, today)
    <a class="button small" href="/reports?kind={{asked.kind}}&amp;from={{first.isoformat()}}&amp;to={{last.isoformat()}}&amp;by={{asked.step}}{{''.join('&campaign=%d' % each for each in asked.campaigns)}}">{{_(name)}}</a>
% end
  </p>
</form>
<details class="more card no-print"><summary>{{_('Saved reports')}}{{': ' + L.number(len(saved)) if saved else ''}}</summary>
% if saved:
  <ul class="plain-list">
% for each in saved:
    <li class="row"><a href="/reports/views/{{each.id}}">{{each.name}}</a>
% if each.shared:
      <span class="tag">{{_('for everybody')}}</span>
% end
% if each.owner == visit.user_id:
      <form method="post" action="/reports/views/{{each.id}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small">{{_('Remove “{name}”', name=each.name)}}</button></form>
% end
    </li>
% end
  </ul>
% end
  <form method="post" action="/reports/views" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="query" value="{{asked.query()}}">
    <div class="row align-end">
% include('field.tpl', name='name', label=_('Save this one as'), value='', errors={}, more={'maxlength': 60, 'required': 'required'})
    <div class="field"><label for="f-span">{{_('With the period')}}</label><select id="f-span" name="span">
      <option value="">{{_('exactly these days')}}</option>
% for key, name in view.SPANS.items():
      <option value="{{key}}"{{' selected' if view.span(key, today) == (asked.first, asked.last) else ''}}>{{_(name)}}</option>
% end
    </select></div>
    <button>{{_('Save')}}</button></div>
    <label class="tick"><input type="checkbox" name="shared" value="1"><span>{{_('for everybody who may see reports')}}</span></label>
  </form>
</details>
% if not errors and not report.tables:
<div class="card blank gap-top"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#reports"></use></svg><h2>{{_('No call in this period') if asked.kind in ('success', 'waiting', 'incoming') else _('Nothing in this period')}}</h2><p>{{_('Choose other days or other campaigns. A call counts on the day it was dialled.')}}</p></div>
% elif not errors:
<p class="print-only">{{report.title}}: {{report.lines[0]}}. {{report.lines[1]}}</p>
<div class="tiles gap-top">
% for tile in report.tiles:
  <div class="tile"><p class="tile-label">{{tile.label}}</p><p class="tile-value">{{tile.figure}}</p><p class="tile-target">{{tile.target}}</p></div>
% end
</div>
<div class="dashboard gap-top">
% for table in report.tables:
% include('report_table.tpl', table=table)
% end
</div>
% end
