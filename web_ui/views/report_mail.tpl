% rebase('base.tpl', title=_('Reports by e-mail'))
<div class="head"><p class="crumb"><a href="/reports">{{_('Reports')}}</a></p><h1>{{_('Reports by e-mail')}}</h1></div>
% include('report_tabs.tpl', tab='mail')
% if not mail['host']:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('No mail server is set: [mail] host in the settings file.')}}</p></div>
% elif mail['failing']:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Nothing has gone out for an hour: {reason}', reason=mail['failing'])}}</p></div>
% end
<div class="dashboard">
<section class="card" aria-labelledby="planned-title"><h2 id="planned-title">{{_('What is sent')}}</h2>
% if not planned:
  <p class="empty">{{_('Nothing yet. Save a report on the page Reports, then choose it below.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('What is sent'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Report')}}</th><th scope="col">{{_('When')}}</th><th scope="col">{{_('To')}}</th><th scope="col">{{_('Next one')}}</th><th scope="col">{{_('The last one')}}</th><th scope="col">{{_('Do')}}</th></tr></thead><tbody>
% for each in planned:
% name = names.get(each.view_id, '?')
  <tr><th scope="row">{{name}} <span class="tag">{{each.format.upper()}}</span></th>
    <td>{{_(rhythms[each.rhythm])}}{{', ' + L.weekday_long(each.day) if each.rhythm == 'weekly' else ', ' + _('day {day}', day=each.day) if each.rhythm == 'monthly' else ''}}, {{each.at}}</td>
    <td>{{', '.join(each.recipients)}}</td><td>{{L.moment(each.next_at)}}</td>
    <td>{{L.moment(each.last_at) + ': ' if each.last_at else ''}}{{words.word(runs, each.last_result, L)}}{{' (' + each.last_detail + ')' if each.last_detail else ''}}</td>
    <td><div class="row"><form method="post" action="/reports/mail/{{each.id}}/run"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Send “{name}” now', name=name)}}">{{_('Now')}}</button></form>
    <form method="post" action="/reports/mail/{{each.id}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Send “{name}” no more', name=name)}}">{{_('Remove')}}</button></form></div></td></tr>
% end
  </tbody></table></div>
% end
</section>
<section class="card half" aria-labelledby="new-title"><h2 id="new-title">{{_('Send a report')}}</h2>
% if not saved:
  <p class="empty">{{_('There is no saved report. Save one on the page Reports first.')}}</p>
% else:
  <form method="post" action="/reports/mail" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="f-view">{{_('Saved report')}}</label><select id="f-view" name="view">
% for each in saved:
      <option value="{{each.id}}">{{each.name}}</option>
% end
    </select></div>
    <div class="row align-end">
    <div class="field"><label for="f-rhythm">{{_('How often')}}</label><select id="f-rhythm" name="rhythm">
% for key, text in rhythms.items():
      <option value="{{key}}">{{_(text)}}</option>
% end
    </select></div>
    <div class="field"><label for="f-weekday">{{_('If weekly, on')}}</label><select id="f-weekday" name="weekday">
% for day in range(7):
      <option value="{{day}}">{{L.weekday_long(day)}}</option>
% end
    </select></div>
% include('field.tpl', name='monthday', label=_('If monthly, on day'), type='number', value='1', errors={}, more={'min': 1, 'max': 28})
% include('field.tpl', name='at', label=_('At'), type='time', value='07:00', errors={}, more={'required': 'required'})
    </div>
    <div class="row align-end">
    <div class="field"><label for="f-format">{{_('As')}}</label><select id="f-format" name="format"><option value="pdf">{{_('PDF')}}</option><option value="xlsx">{{_('Excel')}}</option></select></div>
    <div class="field"><label for="f-language">{{_('In')}}</label><select id="f-language" name="language">
% for code, text in languages_to_choose.items():
      <option value="{{code}}"{{' selected' if code == L.code else ''}}>{{text}}</option>
% end
    </select></div></div>
% include('field.tpl', name='recipients', label=_('To'), value='', errors={}, hint=_('E-mail addresses with a space or comma between them'), more={'required': 'required', 'maxlength': 2000})
    <p><button class="primary"{{'' if mail['host'] else ' disabled'}}>{{_('Send it from now on')}}</button></p>
  </form>
% end
</section>
% if mail['host'] or mails:
<section class="card half" aria-labelledby="queue-title"><h2 id="queue-title">{{_('Mail')}}</h2>
% if mail['host']:
  <dl class="facts"><dt>{{_('Server')}}</dt><dd><code>{{mail['host']}}</code></dd><dt>{{_('From')}}</dt><dd><code>{{mail['sender']}}</code></dd>
% for state, count in mail['counts'].items():
    <dt>{{words.word(states, state, L)}}</dt><dd>{{L.number(count)}}</dd>
% end
  </dl>
  <form method="post" action="/reports/mail/test" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='recipient', label=_('Send a test to'), type='email', value='', errors={}, more={'required': 'required', 'maxlength': 254})
  <button>{{_('Send a test')}}</button></form>
% end
% if mails:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Mail'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('To')}}</th><th scope="col">{{_('Subject')}}</th><th scope="col">{{_('State')}}</th></tr></thead><tbody>
% for each in mails:
  <tr><th scope="row">{{L.moment(each.made_at)}}</th><td>{{each.recipient}}</td><td>{{each.subject}}</td><td>{{words.word(states, each.state, L)}}{{' (%s%s)' % (('%d ' % each.code) if each.code else '', each.error) if each.error else ''}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
% end
</div>
