% rebase('base.tpl', title=_('Ask for access'), layout='' if visit.person else 'narrow')
<div class="card entrance">
  <h1>{{_('Ask for access')}}</h1>
% if done:
  <div class="note done" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><p>{{_('Your request was passed on to the administrators. You will hear from them.')}}</p></div>
  <p><a href="/">{{_('Back')}}</a></p>
% else:
  <p class="lead">{{_('Another role is given by the administrators of this box.') if visit.person else _('Who may work with this box is decided by its administrators. If they agree, you get an invitation.')}}</p>
  <form method="post" action="/ask-access" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% if visit.person:
    <p>{{visit.person.name}}</p>
% if errors.get('name'):
    <p class="mistake" role="alert">{{errors['name']}}</p>
% end
% else:
% include('field.tpl', name='name', label=_('Your name'), value=typed.get('name', ''), more={'autocomplete': 'name', 'required': '', 'maxlength': '80'})
% include('field.tpl', name='address', label=_('E-mail'), type='email', hint=_('Where the invitation or the answer can go.'), value=typed.get('address', ''), more={'autocomplete': 'email', 'maxlength': '254'})
% end
    <fieldset class="field"><legend>{{_('What for')}}</legend>
% for key, text in words.ROLES.items():
      <label class="tick"><input type="checkbox" name="role" value="{{key}}"{{' checked' if key in typed.get('roles', ()) else ''}}><span>{{_(text)}}</span></label>
% end
    </fieldset>
    <div class="field"><label for="f-why">{{_('A word about it')}}</label><textarea id="f-why" name="why" rows="3" maxlength="500">{{typed.get('why', '')}}</textarea></div>
    <button class="primary wide">{{_('Pass it on')}}</button>
  </form>
% end
</div>
