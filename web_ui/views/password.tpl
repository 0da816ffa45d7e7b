<div class="field">
  <label for="f-password">{{label}}</label>
  <p class="hint" id="h-password">{{_('At least 12 characters. A sentence of a few words is fine; no special characters needed.')}}{{' ' + note if get('note', '') else ''}}</p>
  <input id="f-password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="256" aria-describedby="h-password strength{{' e-password' if errors.get('password') else ''}}"{{' aria-invalid=true' if errors.get('password') else ''}}{{' required' if get('required', True) else ''}} data-strength>
  <p class="strength" id="strength" aria-live="polite"></p>
% if errors.get('password'):
  <p class="mistake" id="e-password">{{errors['password']}}</p>
% end
</div>
<div class="field">
  <label for="f-again">{{_('The same again')}}</label>
  <input id="f-again" name="again" type="password" autocomplete="new-password" maxlength="256"{{' required' if get('required', True) else ''}}>
</div>
