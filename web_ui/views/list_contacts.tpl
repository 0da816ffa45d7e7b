% rebase('base.tpl', title=_('Contacts'), scripts=['condition.js'])
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a> › <a href="/lists/{{report.id}}">{{report.name}}</a></p><h1>{{_('Contacts')}}</h1></div>
% include('said.tpl')
<form method="get" class="card form" role="search">
  <div class="stack">
  <div class="row align-end">
    <div class="field grow"><label for="f-q">{{_('Search')}}</label><input id="f-q" name="q" value="{{search}}" maxlength="100" type="search" aria-describedby="h-q"><p class="hint" id="h-q">{{_('Part of a number, of the name or of any field.')}}</p></div>
    <div class="field"><label for="f-sort">{{_('Sorted by')}}</label><select id="f-sort" name="sort-0"><option value="">{{_('Order of import')}}</option>
% for key, text in fields.items():
% if key != ':order':
      <option value="{{key}}"{{' selected' if key == sort['field'] else ''}}>{{_(text)}}</option>
% end
% end
% for name in seen.columns:
      <option value="{{name}}"{{' selected' if name == sort['field'] else ''}}>{{name}}</option>
% end
    </select></div>
    <div class="field"><label for="f-as">{{_('Compared as')}}</label><select id="f-as" name="as-0">
% for key, text in kinds.items():
      <option value="{{key}}"{{' selected' if key == sort['as'] else ''}}>{{_(text)}}</option>
% end
    </select></div>
    <label class="tick"><input type="checkbox" name="way-0" value="1"{{' checked' if sort['descending'] else ''}}><span>{{_('largest or last in front')}}</span></label>
  </div>
  <details class="more"{{' open' if filtered else ''}}><summary>{{_('Filter')}}</summary>
% include('condition.tpl', legend=_('Only contacts for which this holds'), columns=seen.columns)
  </details>
  <div class="row"><button class="primary">{{_('Show')}}</button><a class="button quiet" href="/lists/{{report.id}}/contacts">{{_('Everything')}}</a></div>
  </div>
</form>
<section class="card" aria-labelledby="found"><h2 id="found">{{_('Contacts')}}</h2>
% if not seen.sorted:
  <p class="note">{{_('This list is too long to be sorted by a column of its own; it is shown in the order of import.')}}</p>
% end
% if not seen.rows:
  <p class="empty">{{_('No contact fits.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Telephone number')}}</th><th scope="col">{{_('Name')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="figure">{{_('Priority')}}</th><th scope="col" class="figure">{{_('Attempts')}}</th><th scope="col">{{_('Last attempt')}}</th>
% for name in seen.columns[:6]:
      <th scope="col">{{name}}</th>
% end
    </tr></thead>
    <tbody>
% for each in seen.rows:
    <tr><th scope="row"><a href="/why?contact={{each.id}}" class="number">{{L.phone(each.number)}}</a></th><td>{{each.name}}</td><td>{{_(states[str(each.state)])}}
% if each.closed_reason:
      <span class="hint">{{words.word({**words.DISPOSITIONS, **words.REFUSALS}, each.closed_reason, L)}}</span>
% end
    </td><td class="figure">{{L.number(each.priority)}}</td><td class="figure">{{L.number(each.attempts)}}</td><td>{{L.moment(each.last_attempt_at) if each.last_attempt_at else ''}}</td>
% for name in seen.columns[:6]:
      <td>{{each.fields.get(name, '')}}</td>
% end
    </tr>
% end
    </tbody></table></div>
  <nav class="pages" aria-label="{{_('Pages')}}">
% if seen.page > 1:
    <a class="button small" href="?page={{seen.page - 1}}{{query}}" rel="prev">{{_('Back')}}</a>
% else:
    <span></span>
% end
    <span class="muted">{{_('Page {page}', page=L.number(seen.page))}}</span>
% if seen.more:
    <a class="button small" href="?page={{seen.page + 1}}{{query}}" rel="next">{{_('Next')}}</a>
% else:
    <span></span>
% end
  </nav>
% end
</section>
