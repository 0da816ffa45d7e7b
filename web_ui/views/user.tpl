% title = user.name if user else _('Add a person')
% rebase('base.tpl', title=title)
<div class="head"><p class="crumb"><a href="/users">{{_('People')}}</a></p><h1>{{title}}</h1></div>
% if phone:
<section class="card form credentials" aria-labelledby="phone-title">
  <h2 id="phone-title">{{_('Type this into the phone now')}}</h2>
  <p class="hint">{{_('The password is shown only this once. A new one can be made at any time.')}}</p>
  <dl class="copy">
% for key, label, value in (('server', _('Server (registrar, proxy)'), phone['server']), ('domain', _('Domain'), phone['domain']), ('user', _('User name'), phone['user']), ('secret', _('Password'), phone['secret'])):
    <div><dt>{{label}}</dt><dd><code id="p-{{key}}">{{value}}</code><button class="small" type="button" data-copy="p-{{key}}" aria-label="{{_('Copy: {what}', what=label)}}" hidden><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#copy"></use></svg><span>{{_('Copy')}}</span></button></dd></div>
% end
  </dl>
  <p><a class="button" href="/users/{{user.id}}/phone">{{_('Sheet to print, settings files, softphone')}}</a></p>
</section>
% end
% if invitation:
<section class="card form credentials" aria-labelledby="invitation-title">
  <h2 id="invitation-title">{{_('Invitation')}}</h2>
  <p class="hint">{{_('With this link {name} chooses a password. It counts once, for 72 hours, and is shown only now.', name=user.name)}}</p>
  <p><img class="qr" src="/users/{{user.id}}/invitation.svg" alt="{{_('QR code with the link below')}}" width="220" height="220"></p>
  <dl class="copy"><div><dt>{{_('Link')}}</dt><dd><code class="long" id="p-link">{{invitation}}</code><button class="small" type="button" data-copy="p-link" aria-label="{{_('Copy: {what}', what=_('Link'))}}" hidden><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#copy"></use></svg></button></dd></div></dl>
</section>
% end
% include('mistakes.tpl')
<section class="card form">
  <form method="post" action="{{'/users/%d' % user.id if user else '/users'}}" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="grid">
% include('field.tpl', name='name', label=_('Name'), value=typed.get('name', ''), more={'required': '', 'maxlength': '80', 'autocomplete': 'off'})
% include('field.tpl', name='login', label=_('Login'), value=typed.get('login', ''), more={'required': '', 'maxlength': '40', 'autocapitalize': 'none', 'spellcheck': 'false', 'autocomplete': 'off'})
    <div class="field"><label for="f-language">{{_('Language')}}</label><select id="f-language" name="language">
% for key, text in languages.items():
      <option value="{{key}}" lang="{{key}}"{{' selected' if typed.get('language') == key else ''}}>{{text}}</option>
% end
    </select></div>
    </div>
    <fieldset class="field" id="f-roles"><legend>{{_('Roles')}}</legend>
% for key, text in words.ROLES.items():
      <label class="tick"><input type="checkbox" name="role" value="{{key}}"{{' checked' if key in typed['roles'] else ''}}><span>{{_(text)}}</span></label>
% end
    </fieldset>
% if departments:
    <fieldset class="field" id="f-departments"><legend>{{_('Departments')}}</legend>
% for each in departments:
      <label class="tick"><input type="checkbox" name="department" value="{{each.id}}"{{' checked' if each.id in typed.get('departments', ()) else ''}}><span>{{each.name}}</span></label>
% end
      <p class="hint">{{_('None: the whole box. Administrators and technicians see the whole box in any case.')}}</p>
    </fieldset>
% end
    <fieldset class="field"><legend>{{_('Phone of an agent')}}</legend>
% for key, text in words.PHONE_MODES.items():
      <label class="tick"><input type="radio" name="phone_mode" value="{{key}}"{{' checked' if typed.get('phone_mode') == key else ''}}><span>{{_(text)}} <span class="hint">{{_('Fastest: the contact is heard at once.') if key == 'nailed_up' else _('The phone rings for every call.')}}</span></span></label>
% end
    </fieldset>
% if user:
    <details class="more"{{' open' if errors.get('password') else ''}}><summary>{{_('Set a new password')}}</summary><div class="stack">
% include('password.tpl', label=_('New password'), required=False)
    </div></details>
% end
% if by_mail and not user:
% include('field.tpl', name='address', label=_('Send the invitation to'), value='', type='email', hint=_('Without an address the link is shown on the next page, to be handed over.'), more={'maxlength': '254', 'autocomplete': 'off'})
% end
    <div class="row"><button class="primary"{{'' if user else ' name=how value=invite'}}>{{_('Save') if user else _('Save and invite')}}</button><a class="button quiet" href="/users">{{_('Cancel')}}</a></div>
% if not user:
    <details class="more"{{' open' if errors.get('password') else ''}}><summary>{{_('Set the first password here instead')}}</summary><div class="stack">
% include('password.tpl', label=_('First password'), note=_('Tell it to the person, who can change it.'), required=False)
      <div><button>{{_('Save with this password')}}</button></div>
    </div></details>
% end
  </form>
</section>
% if user:
<section class="card form">
  <h2>{{_('Access')}}</h2>
% if invited:
  <p>{{_('Invited; the link counts until {moment}.', moment=L.moment(invited))}}{{' ' + _('It was sent to {address}.', address=invited_at) if invited_at else ''}}</p>
% end
  <div class="row">
    <form method="post" action="/users/{{user.id}}/invite" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}">\\
% if by_mail:
<input type="email" name="address" maxlength="254" autocomplete="off" aria-label="{{_('Send the invitation to')}}" placeholder="{{_('E-mail address, if it is to be sent')}}">\\
% end
<button>{{_('Make a new invitation') if invited else _('Invite')}}</button></form>
% if invited:
    <form method="post" action="/users/{{user.id}}/invite/revoke"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Take the invitation back')}}</button></form>
% end
% if not {'agent', 'supervisor', 'administrator'}.isdisjoint(user.roles):
    <button type="button" popovertarget="secret"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#phone"></use></svg>{{_('New phone password')}}</button>
% end
% if factor:
    <button type="button" popovertarget="factor">{{_('Take away the second factor')}}</button>
% end
% if user.id != visit.person.id:
    <button class="danger" type="button" popovertarget="remove"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#trash"></use></svg>{{_('Remove')}}</button>
% end
  </div>
% if factor:
% include('confirm.tpl', id='factor', question=_('Take away the second factor?'), consequence=_('The password alone is enough then. Do this when the telephone is lost.'), action='/users/%d/second_factor/remove' % user.id, button=_('Take away'))
% end
% include('confirm.tpl', id='secret', question=_('Make a new phone password?'), consequence=_('The present one stops working at once; the phone must be given the new one.'), action='/users/%d/phone' % user.id, button=_('Make a new one'), look='primary')
% include('confirm.tpl', id='remove', question=_('Remove {name}?', name=user.name), consequence=_('Login and phone stop working at once. Calls that were made stay on record.'), action='/users/%d/remove' % user.id, button=_('Remove'))
</section>
% include('sessions.tpl', action='/users/%d/sessions/revoke' % user.id)
% end
