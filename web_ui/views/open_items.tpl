% rebase('base.tpl', title=_('My open items'))
<div class="head"><h1>{{_('My open items')}}</h1><a class="button" href="/desk">{{_('Back to the desk')}}</a></div>
<p class="intro">{{_('What is still yours: the call on your desk, callbacks you promised, and results the box gave because your time was over.')}}</p>
% if on_desk:
<p class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg><span>{{_('On your desk')}}: <a href="/desk">{{on_desk}}</a></span></p>
% end
<section class="card" aria-labelledby="promised-title"><h2 id="promised-title">{{_('My callbacks')}} <span class="muted">{{L.number(told['callbacks_open'])}}</span>
% if told['callbacks_late']:
 <span class="tag">{{ngettext('{count} is late', '{count} are late', int(told['callbacks_late']))}}</span>
% end
</h2>
% if not told['callbacks']:
<p class="empty">{{_('You have promised nobody a call.')}}</p>
% else:
<div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('My callbacks'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Next call')}}</th><th scope="col">{{_('Whom')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="wide-only">{{_('Note')}}</th></tr></thead>
  <tbody>
% for each in told['callbacks']:
  <tr><th scope="row"><a href="/callbacks/{{each['id']}}">{{L.moment(each['due_at'])}}</a></th><td>{{each['name'] or L.phone(each['number']) or _('Contact deleted')}}</td>
  <td>{{_('Late') if each['late'] else _('Due now') if each['due_at'] <= told['now'] else _('Open')}}</td><td class="wide-only note-text">{{each['note']}}</td></tr>
% end
  </tbody>
</table></div>
% end
</section>
<section class="gap-top" aria-labelledby="results-title"><h2 id="results-title">{{_('Results to look at')}}</h2>
% if not told['results']:
<p class="empty">{{_('The box gave no result in your place during the last seven days.')}}</p>
% end
% for each in told['results']:
% whom = each['name'] or (L.phone(each['number']) if each['number'] else _('Number withheld'))
<article class="card" aria-label="{{whom}}">
  <div class="row apart"><h3>{{whom}}</h3><p class="muted">{{L.moment(each['at'])}}{{' · ' + each['campaign'] if each['campaign'] else ''}}</p></div>
% if each['lost']:
  <p>{{_('The call was interrupted; your result can still be given.')}}</p>
  <form method="post" action="/desk/open/result" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="attempt" value="{{each['attempt']}}">
    <div class="field"><label for="code-{{each['attempt']}}">{{_('Result')}}</label><select id="code-{{each['attempt']}}" name="code">
% for code in each['codes']:
      <option value="{{code['code']}}">{{label(code, L)}}</option>
% end
    </select></div>
    <div class="field grow"><label for="note-{{each['attempt']}}">{{_('Note')}}</label><input id="note-{{each['attempt']}}" name="note" maxlength="4000" autocomplete="off"></div>
    <button>{{_('Save the result')}}</button>
  </form>
% else:
  <p>{{_('The automatic result was saved: {result}', result=label(each, L))}}</p>
% end
% if each['contact_there']:
  <details><summary>{{_('Park: call again myself')}}</summary>
  <form method="post" action="/desk/open/park" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="attempt" value="{{each['attempt']}}">
    <div class="field"><label for="day-{{each['attempt']}}">{{_('Day')}}</label><input id="day-{{each['attempt']}}" type="date" name="day" required></div>
    <div class="field"><label for="time-{{each['attempt']}}">{{_('Time')}}</label><input id="time-{{each['attempt']}}" type="time" name="time" required></div>
    <div class="field grow"><label for="why-{{each['attempt']}}">{{_('Note')}}</label><input id="why-{{each['attempt']}}" name="note" maxlength="2000" autocomplete="off"></div>
    <button>{{_('Park')}}</button>
  </form><p class="hint">{{_('By the clock of the office.')}}</p></details>
% end
  <form method="post" action="/desk/open/checked"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="attempt" value="{{each['attempt']}}"><button class="small">{{_('Checked')}}</button></form>
</article>
% end
</section>
