% rebase('base.tpl', title=_('Invitation'), layout='narrow')
<div class="card entrance">
  <h1>{{_('Welcome, {name}', name=found['name'])}}</h1>
  <p class="lead">{{_('Choose a password. From now on you log in as {login}.', login=found['login'])}}</p>
% include('mistakes.tpl')
  <form method="post" action="/invitation/{{token}}" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <input type="hidden" name="username" autocomplete="username" value="{{found['login']}}">
% if found['mailed']:
% include('field.tpl', name='address', label=_('E-mail address the invitation was sent to'), value='', type='email', more={'required': '', 'maxlength': '254', 'autocomplete': 'email'})
% end
% include('password.tpl', label=_('Password'))
    <button class="primary wide">{{_('Save and log in')}}</button>
  </form>
</div>
