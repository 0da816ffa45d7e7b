% rebase('base.tpl', title=_('Alerts'))
<div class="head"><h1>{{_('Alerts')}}</h1></div>
<p class="intro">{{_('What has been wrong for longer than a moment, from its beginning to its end. An alert ends when its cause does; taking note of it only tells the others that somebody looks after it.')}}</p>
<div class="dashboard">
<section class="card" aria-labelledby="now-title"><h2 id="now-title">{{_('Now')}}</h2>
% if not open_now:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('All is well.')}}</p>
% end
% for each in open_now:
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg>
    <p><strong>{{view.title(each, L)}}</strong><br>{{_('Since {moment}.', moment=L.moment(each.began_at))}} {{view.detail(each, L)}}\\
% if each.acknowledged_at:
<br>{{_('{name} has taken note, {moment}.', name=each.acknowledged_by, moment=L.moment(each.acknowledged_at))}}\\
% end
</p>
% if not each.acknowledged_at:
    <form method="post" action="/alerts/{{each.id}}/acknowledge"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Take note: {title}', title=view.title(each, L))}}">{{_('Take note')}}</button></form>
% end
  </div>
% end
</section>
% if may('alerts_change'):
<section class="card half" aria-labelledby="who-title"><h2 id="who-title">{{_('Who is told')}}</h2>
% if not mail['host']:
  <p class="empty">{{_('No mail server is set: [mail] host in the settings file.')}}</p>
% end
% if receivers:
  <ul class="plain-list">
% for each in receivers:
    <li class="row"><span><strong>{{each.address}}</strong> <span class="muted">{{languages_to_choose.get(each.language, each.language)}}; {{', '.join(_(view.RULES[rule]) for rule in each.rules) if each.rules else _('every alert')}}</span></span>
      <form method="post" action="/alerts/receivers/{{each.id}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Tell {address} no more', address=each.address)}}">{{_('Remove')}}</button></form></li>
% end
  </ul>
% end
  <form method="post" action="/alerts/receivers" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="row align-end">
% include('field.tpl', name='address', label=_('E-mail address'), type='email', value='', errors={}, more={'required': 'required', 'maxlength': 254})
    <div class="field"><label for="f-language">{{_('In')}}</label><select id="f-language" name="language">
% for code, text in languages_to_choose.items():
      <option value="{{code}}"{{' selected' if code == L.code else ''}}>{{text}}</option>
% end
    </select></div></div>
    <details class="more"><summary>{{_('Only of some')}}</summary><fieldset class="ticks"><legend class="sr">{{_('Only of some')}}</legend>
% for rule, text in view.RULES.items():
      <label class="tick"><input type="checkbox" name="rule" value="{{rule}}"><span>{{_(text)}}</span></label>
% end
    </fieldset></details>
    <p><button>{{_('Tell this address')}}</button></p>
  </form>
  <p class="hint">{{_('Other programs are told by webhook: events alert.began and alert.ended.')}}</p>
</section>
% end
<section class="card" aria-labelledby="past-title"><h2 id="past-title">{{_('Past')}}</h2>
% if not past:
  <p class="empty">{{_('Nothing yet.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Past'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Alert')}}</th><th scope="col">{{_('Began')}}</th><th scope="col">{{_('Ended')}}</th><th scope="col">{{_('Noted by')}}</th></tr></thead><tbody>
% for each in past:
  <tr><th scope="row">{{view.title(each, L)}}</th><td>{{L.moment(each.began_at)}}</td><td>{{L.moment(each.ended_at)}}</td><td>{{each.acknowledged_by}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
</div>
