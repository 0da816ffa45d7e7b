% rebase('base.tpl', title=_('Log in'), layout='narrow')
<div class="card entrance">
  <h1>{{_('Log in')}}</h1>
  <p class="lead">{{_('Type the code that the authenticator app on your telephone shows, or one of your recovery codes.')}}</p>
% if error:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{error}}</p></div>
% end
  <form method="post" action="/login/code" class="stack">
    <input type="hidden" name="ticket" value="{{ticket}}">
    <div class="field"><label for="f-code">{{_('Code')}}</label><input id="f-code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required maxlength="40" autofocus></div>
    <button class="primary wide">{{_('Log in')}}</button>
  </form>
  <p><a href="/login">{{_('Begin again')}}</a></p>
</div>
