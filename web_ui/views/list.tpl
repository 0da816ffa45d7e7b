% rebase('base.tpl', title=report.name)
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a></p><h1>{{report.name}}</h1>
  <a class="button" href="/lists/{{report.id}}/contacts">{{_('Contacts')}}</a>
  <a class="button" href="/wizard?list={{report.id}}">{{_('New campaign with it')}}</a>
  <form method="post" action="/lists/{{report.id}}/export"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Export')}}</button> <button name="workbook" value="1">{{_('Export as workbook')}}</button></form>
  <button class="danger" type="button" popovertarget="delete"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#trash"></use></svg>{{_('Delete')}}</button></div>
% include('confirm.tpl', id='delete', question=_('Delete this contact list?'), consequence=_('{count} contacts are deleted for good. Attempts that were made stay on record as proof.', count=L.number(report.contacts)), action='/lists/%d/delete' % report.id, button=_('Delete for good'))
<div class="dashboard">
<section class="card half" aria-labelledby="far"><h2 id="far">{{_('How far it is')}}</h2>
% include('live/bar.tpl', done=panels.share(report.closed, report.contacts))
  <dl class="counts">
    <div><dt>{{_('Contacts')}}</dt><dd>{{L.number(report.contacts)}}</dd></div>
    <div><dt>{{_('Open')}}</dt><dd>{{L.number(report.open)}}</dd></div>
    <div><dt>{{_('Being called')}}</dt><dd>{{L.number(report.in_flight)}}</dd></div>
    <div><dt>{{_('Closed')}}</dt><dd>{{L.number(report.closed)}}</dd></div>
  </dl>
</section>
<section class="card half" aria-labelledby="why"><h2 id="why">{{_('Why contacts were closed')}}</h2>
% if not report.closed_by:
  <p class="empty">{{_('None is closed yet.')}}</p>
% end
  <dl class="counts">
% for key, count in sorted(report.closed_by.items(), key=lambda each: -each[1]):
% if count:
    <div><dt>{{words.word({**words.DISPOSITIONS, **words.REFUSALS}, key, L)}}</dt><dd>{{L.number(count)}}</dd></div>
% end
% end
  </dl>
</section>
% include('list_schedules.tpl')
<section class="card" aria-labelledby="imports"><h2 id="imports">{{_('Imports')}}</h2>
% if not report.imports:
  <p class="empty">{{_('Nothing was imported into this list.')}} <a href="/lists/new">{{_('Upload a list')}}</a></p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('File')}}</th><th scope="col" class="figure">{{_('Rows')}}</th><th scope="col" class="figure">{{_('New')}}</th><th scope="col" class="figure">{{_('Changed')}}</th><th scope="col" class="figure">{{_('Duplicates')}}</th><th scope="col" class="figure">{{_('Damaged')}}</th><th scope="col"><span class="sr">{{_('Download')}}</span></th></tr></thead>
    <tbody>
% for each in report.imports:
    <tr><th scope="row">{{L.moment(each.at)}}
% if import_states.get(each.state):
      <p class="hint">{{_(import_states[each.state])}}</p>
% end
% if each.state in ('undoing', 'undone'):
      <p class="hint">{{_('{removed} removed, {kept} kept because they were called or changed since, {put_back} put back', removed=L.number(each.removed), kept=L.number(each.kept), put_back=L.number(each.put_back))}}</p>
% end
% for text in schedule_words.desk(each, L):
      <p class="hint">{{text}}</p>
% end
% for text in schedule_words.against(each, L):
      <p class="hint">{{text}}</p>
% end
    </th><td>{{schedule_words.run_name(each, L)}}\\
% if each.cause:
 <span class="muted">{{words.word(schedule_words.CAUSES, each.cause, L)}}</span>\\
% end
</td><td class="figure">{{L.number(each.rows)}}</td><td class="figure">{{L.number(each.new)}}</td><td class="figure">{{L.number(each.updated)}}</td><td class="figure">{{L.number(each.duplicate)}}</td><td class="figure">{{L.number(each.damaged)}}</td>
    <td>\\
% if each.report:
<a class="button small" href="/lists/damaged/{{each.report.rsplit('/', 1)[-1]}}">{{_('Rows that were not taken')}}</a>\\
% end
% if each.undoable:
      <button class="small" type="button" popovertarget="undo-{{each.id}}">{{_('Take back')}}</button>
% end
</td></tr>
% end
    </tbody></table></div>
% for each in report.imports:
% if each.undoable:
% include('confirm.tpl', id='undo-%d' % each.id, question=_('Take this import back?'), consequence=_('Contacts it brought are removed unless they were called already; contacts it changed become what they were.'), action='/lists/%d/imports/%d/undo' % (report.id, each.id), button=_('Take back'))
% end
% end
% end
</section>
</div>
