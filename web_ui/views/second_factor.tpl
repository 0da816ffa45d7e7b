% rebase('base.tpl', title=_('Second factor'))
<div class="head"><p class="crumb"><a href="/account">{{_('Password and language')}}</a></p><h1>{{_('Second factor')}}</h1></div>
% if wanted and not factor:
<div class="note refused" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('This box asks everybody in your role for a second factor. Set it up to go on.')}}</p></div>
% end
% if codes:
<section class="card form" aria-labelledby="codes-title"><h2 id="codes-title">{{_('Recovery codes')}}</h2>
  <p>{{_('Write these down or print them now; they are shown this once. Each lets you in once when the telephone is lost.')}}</p>
  <ul class="columns">
% for each in codes:
    <li><code>{{each}}</code></li>
% end
  </ul>
</section>
% end
<section class="card form" aria-labelledby="app-title"><h2 id="app-title">{{_('Authenticator app')}}</h2>
% if begun:
  <p>{{_('Scan this picture with an authenticator app, or type the key into it. Then type the six digits it shows.')}}</p>
  <p><img class="qr" src="/account/second-factor/qr.svg" alt="{{_('QR code with the key below')}}" width="220" height="220"></p>
  <p><code class="long">{{begun['secret']}}</code></p>
  <form method="post" action="/account/second-factor/confirm" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='code', label=_('Code'), more={'autocomplete': 'one-time-code', 'inputmode': 'numeric', 'required': '', 'maxlength': '10'})
    <div><button class="primary">{{_('Confirm')}}</button></div>
  </form>
% else:
% if factor:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('In use since {day}.', day=L.date(factor.since))}} {{ngettext('{count} recovery code is left.', '{count} recovery codes are left.', factor.codes_left)}}</p>
% else:
  <p>{{_('After the password the box asks for a code that only your telephone knows. Any authenticator app will do; it needs no network.')}}</p>
% end
  <form method="post" action="/account/second-factor/begin" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='present', label=_('Present password'), type='password', more={'autocomplete': 'current-password', 'required': '', 'maxlength': '256'})
    <div class="row"><button class="primary">{{_('Set up another telephone') if factor else _('Set it up')}}</button>
% if factor:
    <button class="danger" formaction="/account/second-factor/remove">{{_('Ask for no code any more')}}</button>
% end
    </div>
  </form>
% end
</section>
