% rebase('base.tpl', title=_('Log in'), layout='narrow')
<div class="card entrance">
  <h1>{{_('Log in')}}</h1>
% if not connected:
  <div class="note refused" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('The telephone service does not answer, so nobody can log in right now. It may still be starting.')}}</p></div>
% end
% if error:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{error}}</p></div>
% end
  <form method="post" action="/login" class="stack">
    <input type="hidden" name="next" value="{{next}}">
    <div class="field"><label for="f-login">{{_('Login')}}</label><input id="f-login" name="login" value="{{login}}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="40"{{'' if login else ' autofocus'}}></div>
    <div class="field"><label for="f-password">{{_('Password')}}</label><input id="f-password" name="password" type="password" autocomplete="current-password" required maxlength="256"{{' autofocus' if login else ''}}></div>
    <button class="primary wide">{{_('Log in')}}</button>
  </form>
% if asks:
  <p class="hint gap-top"><a href="/ask-access">{{_('No login yet? Ask for access.')}}</a></p>
% end
</div>
