% rebase('base.tpl', title=_('Requests for access'))
<div class="head"><p class="crumb"><a href="/users">{{_('People')}}</a></p><h1>{{_('Requests for access')}}</h1></div>
<p class="intro">{{_('Who asks on the login page, or wants another role, stands here until somebody has decided. Whoever is granted access is invited.')}}</p>
% if not waiting:
<p class="empty">{{_('Nobody is waiting.')}}</p>
% end
% for each in waiting:
% person = people.get(each.wish.user_id)
% wanted = set(each.wish.roles) | (set(person.roles) if person else set())
% mine = errors if about == each.id else {}
<section class="card form" aria-labelledby="r-{{each.id}}">
  <h2 id="r-{{each.id}}">{{each.wish.name}}</h2>
% for text in mine.values():
  <p class="mistake" role="alert">{{text}}</p>
% end
  <dl class="facts">
    <dt>{{_('Asked on')}}</dt><dd>{{L.moment(each.at)}}</dd>
    <dt>{{_('Login')}}</dt><dd>{{person.login if person else _('none yet')}}</dd>
    <dt>{{_('E-mail')}}</dt><dd>{{each.wish.address or '–'}}</dd>
    <dt>{{_('What for')}}</dt><dd>{{words.roles(each.wish.roles, L) if each.wish.roles else '–'}}</dd>
% if each.wish.words:
    <dt>{{_('A word about it')}}</dt><dd class="note-text">{{each.wish.words}}</dd>
% end
  </dl>
  <form method="post" action="/users/requests/{{each.id}}/grant" class="stack gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% if not person:
    <div class="field"><label for="f-login-{{each.id}}">{{_('Login')}}</label><input id="f-login-{{each.id}}" name="login" value="{{typed_login if about == each.id else ''}}" required maxlength="40" autocapitalize="none" spellcheck="false" autocomplete="off"></div>
% end
    <fieldset class="field"><legend>{{_('Roles')}}</legend>
% for key, text in words.ROLES.items():
      <label class="tick"><input type="checkbox" name="role" value="{{key}}"{{' checked' if key in wanted else ''}}><span>{{_(text)}}</span></label>
% end
    </fieldset>
% if departments:
    <fieldset class="field"><legend>{{_('Departments')}}</legend>
% for one in departments:
      <label class="tick"><input type="checkbox" name="department" value="{{one.id}}"{{' checked' if person and one.id in belongs.get(person.id, ()) else ''}}><span>{{one.name}}</span></label>
% end
    <p class="hint">{{_('None: the whole box. Administrators and technicians see the whole box in any case.')}}</p>
    </fieldset>
% end
    <p class="hint">\\
% if person:
{{_('The roles count at once.')}}\\
% elif by_mail and each.wish.address:
{{_('The invitation goes to {address}.', address=each.wish.address)}}\\
% else:
{{_('The invitation is shown next, to be handed over.')}}\\
% end
</p>
    <div><button class="primary">{{_('Grant it')}}<span class="sr">: {{each.wish.name}}</span></button></div>
  </form>
  <form method="post" action="/users/requests/{{each.id}}/refuse" class="row align-end gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field grow"><label for="f-reason-{{each.id}}">{{_('Reason')}}</label><input id="f-reason-{{each.id}}" name="reason" required minlength="3" maxlength="200" autocomplete="off"></div>
    <button class="danger">{{_('Refuse it')}}<span class="sr">: {{each.wish.name}}</span></button>
  </form>
</section>
% end
% if decided:
<section class="card" aria-labelledby="decided-title"><h2 id="decided-title">{{_('Decided')}}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Decided'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col">{{_('Decision')}}</th><th scope="col">{{_('By')}}</th><th scope="col">{{_('Reason')}}</th></tr></thead>
  <tbody>
% for each in decided:
  <tr><th scope="row">{{each.wish.name}}</th><td>{{_('granted') if each.state == 'granted' else _('refused')}}, {{L.moment(each.decided_at)}}</td><td>{{each.decided_by or '–'}}</td><td>{{each.reason or '–'}}</td></tr>
% end
  </tbody></table></div></section>
% end
<section class="card form" aria-labelledby="switch-title"><h2 id="switch-title">{{_('Who may ask')}}</h2>
  <form method="post" action="/users/requests/switch" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <label class="tick"><input type="checkbox" name="on" value="1"{{' checked' if takes else ''}}><span>{{_('Everybody who reaches the login page may ask for access')}}</span></label>
    <div><button>{{_('Save')}}</button></div>
  </form>
</section>
