% rebase('base.tpl', title=_('Every attempt'))
<div class="head"><p class="crumb"><a href="/reports?{{asked.query()}}">{{_('Reports')}}</a></p><h1>{{_('Every attempt')}}</h1>
% for format, label in (('csv', _('CSV')), ('xlsx', _('Excel')), ('pdf', _('PDF'))):
  <a class="button" href="/reports/attempts.{{format}}?{{asked.query()}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{label}}</a>
% end
</div>
% include('report_tabs.tpl', tab='attempts')
<div class="dashboard">
<section class="card" aria-labelledby="attempts-title"><h2 id="attempts-title">{{ngettext('{count} attempt', '{count} attempts', page.total)}}</h2>
% if not page.rows:
  <p class="empty">{{_('No call in this period')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Every attempt'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Campaign')}}</th><th scope="col">{{_('Contact')}}</th><th scope="col">{{_('Number shown')}}</th><th scope="col">{{_('Result')}}</th>
% if people:
    <th scope="col">{{_('Agent')}}</th>
% for text in view.WORK:
    <th scope="col" class="figure">{{_(text)}}</th>
% end
% end
    </tr></thead>
    <tbody>
% for each in page.rows:
    <tr><th scope="row"><a href="/attempts/{{each.uid}}">{{L.moment(each.started_at)}}</a></th><td>{{campaigns.get(each.campaign_id, '?')}}</td><td>{{each.name}} <span class="muted number">{{L.phone(each.number)}}</span></td><td class="number">{{L.phone(each.permit.caller_id)}}</td><td>{{words.word(words.DISPOSITIONS, each.disposition, L) if each.disposition else words.word(words.ATTEMPT_STATES, each.state, L)}}</td>
% if people:
    <td>{{people.get(each.user_id or 0, '')}}</td>
% for span in view.work_of(each):
    <td class="figure">{{'' if span is None else L.number(round(span, 1))}}</td>
% end
% end
    </tr>
% end
    </tbody></table></div>
% include('pages.tpl', page=page, path='/reports/attempts', query='&' + asked.query())
% end
</section>
</div>
