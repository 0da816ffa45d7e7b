% rebase('base.tpl', title=_('Password and language'))
<div class="head"><h1>{{_('Password and language')}}</h1></div>
<div class="card form">
  <h2>{{_('Language')}}</h2>
% include('language.tpl')
</div>
<div class="card form">
  <h2>{{_('Roles')}}</h2>
  <p>{{words.roles(visit.person.roles, L)}}. <a href="/roles">{{_('Who may do what')}}</a> · <a href="/ask-access">{{_('Ask for another role')}}</a></p>
</div>
<div class="card form">
  <h2>{{_('Second factor')}}</h2>
  <p>{{_('A code from your telephone besides the password.')}} <a href="/account/second-factor">{{_('Look or set up')}}</a></p>
</div>
<div class="card form">
  <h2>{{_('Password')}}</h2>
% include('mistakes.tpl')
  <form method="post" action="/account/password" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <input type="hidden" name="username" autocomplete="username" value="{{visit.person.login}}">
% include('field.tpl', name='present', label=_('Present password'), type='password', more={'autocomplete': 'current-password', 'required': '', 'maxlength': '256'})
% include('password.tpl', label=_('New password'))
    <div><button class="primary">{{_('Change the password')}}</button></div>
  </form>
</div>
<div class="card form">
  <h2>{{_('Help')}}</h2>
  <p><a href="/words">{{_('What the words mean')}}</a> · <a href="/design">{{_('How the pages look')}}</a></p>
</div>
% if may('desk'):
<div class="card form">
  <h2>{{_('Keys')}}</h2>
  <p>{{_('Which key does what at the desk.')}} <a href="/desk/keys">{{_('Change the keys')}}</a></p>
</div>
% end
% include('sessions.tpl', action='/account/sessions/revoke')
