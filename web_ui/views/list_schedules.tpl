<section class="card" aria-labelledby="schedules"><h2 id="schedules">{{_('Again and again')}}</h2>
% if not report.schedules:
  <p class="empty">{{_('Nothing is planned. Files can be taken in at fixed times, and contacts nobody reached can be called once more; another program can ask for the same through the API.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Again and again'))}}"><table class="rows">
    <thead><tr><th scope="col">{{_('What')}}</th><th scope="col">{{_('When')}}</th><th scope="col">{{_('Next run')}}</th><th scope="col">{{_('Last run')}}</th><th scope="col">{{_('Do')}}</th></tr></thead>
    <tbody>
% for each in report.schedules:
% what, newest = schedule_words.what(each, L), schedule_words.last(each, report.imports)
    <tr><th scope="row">{{what}} <span class="muted">{{_('No. {number}', number=each.id)}}</span></th><td>{{schedule_words.when(each, L)}}</td>
    <td>{{L.moment(each.next_at) if each.next_at is not None else '–'}}</td>
    <td>\\
% if newest is None:
{{_('not yet')}}\\
% elif newest.problems:
{{L.moment(newest.at)}}: {{'; '.join(schedule_words.against(newest, L))}}\\
% elif newest.state == 'running':
{{_('running')}}\\
% else:
{{L.moment(newest.at)}}: {{_('{new} new, {changed} changed', new=L.number(newest.new), changed=L.number(newest.updated))}}\\
% end
</td>
    <td><form method="post" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}">
      <button class="small" formaction="/lists/{{report.id}}/schedules/{{each.id}}/run" aria-label="{{_('Run now: {what}', what=what)}}">{{_('Run now')}}</button>
% if each.active:
      <button class="small" formaction="/lists/{{report.id}}/schedules/{{each.id}}/rest" aria-label="{{_('Let rest: {what}', what=what)}}">{{_('Let rest')}}</button>
% else:
      <button class="small" formaction="/lists/{{report.id}}/schedules/{{each.id}}/resume" aria-label="{{_('Go on: {what}', what=what)}}">{{_('Go on')}}</button>
% end
      <button class="small danger-text" formaction="/lists/{{report.id}}/schedules/{{each.id}}/remove" aria-label="{{_('Remove: {what}', what=what)}}">{{_('Remove')}}</button>
    </form></td></tr>
% end
    </tbody></table></div>
% end
% for kind, title in (('recycle', _('Call contacts once more')), ('import', _('Take in files'))):
  <details class="more"><summary>{{title}}</summary>
  <form method="post" action="/lists/{{report.id}}/schedules" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="kind" value="{{kind}}">
% if kind == 'recycle':
    <fieldset><legend>{{_('Whose last call ended so')}}</legend>
    <div class="row">
% for each in recyclable:
      <label class="tick"><input type="checkbox" name="results" value="{{each}}"{{' checked' if each in schedule_words.CHOSEN else ''}}><span>{{words.word(words.DISPOSITIONS, each, L)}}</span></label>
% end
    </div>
    <p class="hint">{{_('Never called once more: whoever was reached or asked not to be called, and wrong numbers. Legal limits keep counting all calls made before.')}}</p></fieldset>
    <div class="field"><label for="s-rest_days">{{_('Rest since the last call, at least')}}</label><div class="control"><input id="s-rest_days" name="rest_days" value="1" inputmode="decimal" class="short"><span class="unit">{{_('days')}}</span></div></div>
% else:
    <div class="field"><label for="s-source">{{_('Files')}}</label><input id="s-source" name="source" value="{{'*.csv'}}" maxlength="120" required spellcheck="false" aria-describedby="h-source"><p class="hint" id="h-source">{{_('By their names, * stands for anything. Another system puts them into the folder {folder}; what was taken in is moved away.', folder='scheduled')}}</p></div>
    <div class="field"><label for="s-mapping">{{_('Columns')}}</label><select id="s-mapping" name="mapping"><option value="">{{_('as in the mapping with the list’s name, else guessed')}}</option>
% for each in mappings:
      <option value="{{each.name}}">{{each.name}}</option>
% end
    </select></div>
    <label class="tick"><input type="checkbox" name="update" value="1" checked><span>{{_('Bring contacts the list has already up to date')}}</span></label>
% end
    <fieldset><legend>{{_('On these days')}}</legend>
    <div class="row">
% for day in range(7):
      <label class="tick"><input type="checkbox" name="day-{{day}}" value="1"{{' checked' if day == 0 or (kind == 'import' and day < 5) else ''}}><span>{{L.weekday_long(day)}}</span></label>
% end
    </div>
    <p class="hint">{{_('No day: only when somebody or another program asks for it.')}}</p></fieldset>
    <div class="field"><label for="s-at-{{kind}}">{{_('At')}}</label><input id="s-at-{{kind}}" name="at" type="time" value="06:00" required class="short"></div>
    <div><button class="primary">{{_('Plan it')}}</button></div>
  </form></details>
% end
</section>
