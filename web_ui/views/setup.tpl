% rebase('base.tpl', title=_('Set up'), layout='narrow')
<div class="card entrance">
  <h1>{{_('Welcome')}}</h1>
  <p class="lead">{{_('This box has no owner yet. Whoever holds the set-up code becomes its administrator.')}}</p>
% include('mistakes.tpl')
  <form method="post" action="/setup" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='code', label=_('Set-up code'), hint=_('It is shown on the console of the box and where it was started.'), value=typed.get('code', ''), more={'autocomplete': 'one-time-code', 'required': '', 'autofocus': '', 'spellcheck': 'false', 'autocapitalize': 'characters', 'class': 'code'})
    <div class="field">
      <label for="f-language">{{_('Language')}}</label>
      <select id="f-language" name="language">
% for code, name in languages.items():
        <option value="{{code}}" lang="{{code}}"{{' selected' if typed.get('language', L.code) == code else ''}}>{{name}}</option>
% end
      </select>
    </div>
% include('field.tpl', name='name', label=_('Your name'), value=typed.get('name', ''), more={'autocomplete': 'name', 'required': '', 'maxlength': '80'})
% include('field.tpl', name='login', label=_('Login'), hint=_('Short, in small letters; you type it to log in.'), value=typed.get('login', ''), more={'autocomplete': 'username', 'required': '', 'maxlength': '40', 'autocapitalize': 'none', 'spellcheck': 'false'})
% include('password.tpl', label=_('Password'))
    <button class="primary wide">{{_('Set up the box')}}</button>
  </form>
</div>
