% rebase('base.tpl', title=_('Reports'))
% sums = view.total(row for row in rows if row.kind == 'interval')
% few = _('These figures are shown for five agents or more together only.')
<div class="head"><h1>{{_('Reports')}}</h1>
% if not errors:
% if may('reports_calls'):
  <a class="button" href="/reports/attempts?{{asked.query()}}">{{_('Every attempt')}}</a>
% end
  <a class="button" href="/reports/intervals.csv?{{asked.query()}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('CSV')}}</a>
% end
</div>
<form method="get" action="/reports" class="card stack no-print" role="search" aria-label="{{_('What the report is about')}}">
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
% for name, (first, last) in usual.items():
    <a class="button small" href="/reports?from={{first.isoformat()}}&amp;to={{last.isoformat()}}&amp;by={{asked.step}}{{''.join('&campaign=%d' % each for each in asked.campaigns)}}">{{_(name)}}</a>
% end
  </p>
</form>
% if not errors and not sums.calls:
<div class="card blank gap-top"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#reports"></use></svg><h2>{{_('No call in this period')}}</h2><p>{{_('Choose other days or other campaigns. A call counts on the day it was dialled.')}}</p></div>
% elif not errors:
<p class="print-only">{{L.date(rows[0].starts_at)}} – {{asked.last.isoformat()}}</p>
<div class="tiles gap-top">
% for label, figure, target in ((_('Calls'), L.number(sums.calls), ''), (_('People reached'), L.number(sums.reached), _('{share} of calls', share=view.share(sums.reached, sums.calls, L))), (_('Abandoned'), L.number(sums.abandoned), _('{share} of people reached', share=view.share(sums.abandoned, sums.reached, L))), (_('Connected'), L.number(sums.connected), _('{share} of calls', share=view.share(sums.connected, sums.calls, L)))):
  <div class="tile"><p class="tile-label">{{label}}</p><p class="tile-value">{{figure}}</p><p class="tile-target">{{target}}</p></div>
% end
</div>
<div class="dashboard gap-top">
<section class="card" aria-labelledby="interval-title"><h2 id="interval-title">{{_('Success by interval')}}</h2>
% bars = view.bars(rows, asked.step, L)
  <svg class="chart" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{{_('Calls, people reached and abandoned calls by interval; the table below has the same figures.')}}">
% for bar in bars:
    <g><title>{{bar.words}}</title><rect class="calls" x="{{bar.x}}" y="{{100 - bar.calls}}" width="{{bar.width}}" height="{{bar.calls}}"></rect><rect class="reached" x="{{bar.x}}" y="{{100 - bar.reached}}" width="{{bar.width}}" height="{{bar.reached}}"></rect><rect class="lost" x="{{bar.x}}" y="{{100 - bar.abandoned}}" width="{{bar.width}}" height="{{bar.abandoned}}"></rect></g>
% end
  </svg>
  <p class="row legend small-text"><span><i class="calls"></i>{{_('Calls')}}</span><span><i class="reached"></i>{{_('People reached')}}</span><span><i class="lost"></i>{{_('Abandoned')}}</span><span class="muted">{{_('highest: {count} calls', count=L.number(max(row.totals.calls for row in rows if row.kind == 'interval')))}}</span></p>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Success by interval'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_(view.STEPS[asked.step])}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col" class="figure">{{_('Answered')}}</th><th scope="col" class="figure">{{_('People reached')}}</th><th scope="col" class="figure">{{_('of calls')}}</th><th scope="col" class="figure">{{_('Abandoned')}}</th><th scope="col" class="figure">{{_('of calls')}}</th><th scope="col" class="figure">{{_('of people reached')}}</th></tr></thead>
    <tbody>
% for row in [*rows, view.Row('total', rows[0].starts_at, sums)]:
% each = row.totals
% if row.kind != 'interval' or each.calls:
    <tr class="{{'sum' if row.kind != 'interval' else ''}}"><th scope="row">{{_('Total') if row.kind == 'total' else view.interval_words(row, asked.step, L)}}</th><td class="figure">{{L.number(each.calls)}}</td><td class="figure">{{L.number(each.answered)}}</td><td class="figure">{{L.number(each.reached)}}</td><td class="figure">{{view.share(each.reached, each.calls, L)}}</td><td class="figure">{{L.number(each.abandoned)}}</td><td class="figure">{{view.share(each.abandoned, each.calls, L)}}</td><td class="figure">{{view.share(each.abandoned, each.reached, L)}}</td></tr>
% end
% end
    </tbody></table></div>
  <p class="hint">{{_('Intervals without a call are left out. A call counts where it was dialled. Abandoned: a person answered and nobody was there in time.')}}</p>
</section>
<section class="card" aria-labelledby="campaign-title"><h2 id="campaign-title">{{_('Campaigns')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Campaigns'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Campaign')}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col" class="figure">{{_('People reached')}}</th><th scope="col" class="figure">{{_('of calls')}}</th><th scope="col" class="figure">{{_('Abandoned')}}</th><th scope="col" class="figure">{{_('of people reached')}}</th>
% if each_agent:
    <th scope="col" class="figure">{{_('Handed over after')}}</th><th scope="col" class="figure">{{_('Talked, mean')}}</th><th scope="col" class="figure">{{_('Wrap-up, mean')}}</th>
% end
    </tr></thead>
    <tbody>
% for number, each in view.added(found, view.campaign).items():
    <tr><th scope="row">\\
% if may('campaigns'):
<a href="/campaigns/{{number}}">{{campaigns.get(number, '?')}}</a>\\
% else:
{{campaigns.get(number, '?')}}\\
% end
</th><td class="figure">{{L.number(each.calls)}}</td><td class="figure">{{L.number(each.reached)}}</td><td class="figure">{{view.share(each.reached, each.calls, L)}}</td><td class="figure">{{L.number(each.abandoned)}}</td><td class="figure">{{view.share(each.abandoned, each.reached, L)}}</td>
% if each_agent:
    <td class="figure">{{view.mean(each.handover_s, each.connected, L)}}</td><td class="figure">{{view.mean(each.talk_s, each.connected, L)}}</td><td class="figure">{{view.mean(each.wrap_up_s, each.wrapped, L)}}</td>
% end
    </tr>
% end
    </tbody></table></div>
</section>
% results = view.added(found, view.result)
<section class="card half" aria-labelledby="result-title"><h2 id="result-title">{{_('Results')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Results'))}}"><table class="rows"><thead><tr><th scope="col">{{_('Result')}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col" class="figure">{{_('of calls')}}</th></tr></thead><tbody>
% for name, each in sorted(results.items(), key=lambda pair: -pair[1].calls):
    <tr><th scope="row">{{words.word(words.DISPOSITIONS, name, L) if name else _('still going on')}}</th><td class="figure">{{L.number(each.calls)}}</td><td class="figure">{{view.share(each.calls, sums.calls, L)}}</td></tr>
% end
  </tbody></table></div>
</section>
<section class="card half" aria-labelledby="code-title"><h2 id="code-title">{{_('Wrap-up codes')}}</h2>
% chosen = {code: each for code, each in view.added(found, view.code).items() if code}
% if not work:
  <p class="empty">{{few}}</p>
% elif not chosen:
  <p class="empty">{{_('No agent has chosen one in this period.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Wrap-up codes'))}}"><table class="rows"><thead><tr><th scope="col">{{_('Wrap-up code')}}</th><th scope="col" class="figure">{{_('Calls')}}</th></tr></thead><tbody>
% for code, each in sorted(chosen.items(), key=lambda pair: -pair[1].calls):
    <tr><th scope="row">{{codes.get(code, code)}}</th><td class="figure">{{L.number(each.calls)}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
<section class="card" aria-labelledby="agent-title"><h2 id="agent-title">{{_('Agents')}}</h2>
% served = {user: each for user, each in view.added(found, view.agent).items() if user}
% if not served:
  <p class="empty">{{_('No call was connected to an agent in this period.')}}</p>
% elif not work:
  <p class="empty">{{few}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Agents'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Agent')}}</th><th scope="col" class="figure">{{_('Connected')}}</th><th scope="col" class="figure">{{_('Handed over after')}}</th><th scope="col" class="figure">{{_('Talked, mean')}}</th><th scope="col" class="figure">{{_('Wrap-up, mean')}}</th></tr></thead><tbody>
% told = [(people.get(user, '?'), each) for user, each in served.items()] if each_agent else [(ngettext('{count} agent together', '{count} agents together', len(served)), sum(served.values(), view.Totals()))]
% for name, each in sorted(told, key=lambda pair: pair[0]):
    <tr><th scope="row">{{name}}</th><td class="figure">{{L.number(each.connected)}}</td><td class="figure">{{view.mean(each.handover_s, each.connected, L)}}</td><td class="figure">{{view.mean(each.talk_s, each.connected, L)}}</td><td class="figure">{{view.mean(each.wrap_up_s, each.wrapped, L)}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
</div>
% end
