% rebase('base.tpl', title=_('Technician and reset'))
<div class="head"><h1>{{_('Technician and reset')}}</h1></div>
<div class="dashboard">
<section class="card half" aria-labelledby="door-title"><h2 id="door-title">{{_('Let a technician in')}}</h2>
  <p>{{_('Remote access (SSH) is shut. A technician’s public key opens it, once somebody standing before the box has read the code from its screen: until the next restart, four hours at most.')}}</p>
  <div role="status">
% if door['state'] == 'open':
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Open until {moment}.', moment=L.moment(door['figure']))}}</p>
% elif door['state'] == 'asked':
  <p>{{_('The box shows a code on its screen. Type it here within ten minutes.')}}</p>
% elif door['state'] == 'wrong':
  <p>{{_('That was not the code. Tries left: {count}.', count=door['figure'])}}</p>
% elif door['state'] == 'refused':
  <p>{{_('This was not a public key.')}}</p>
% elif door['state'] == 'too-late':
  <p>{{_('Too late, or too many tries. Begin again with the key.')}}</p>
% end
  </div>
% if not door['possible']:
  <p class="empty">{{_("This machine was not flashed from an image; how technicians get in is its owner's business.")}}</p>
% elif door['state'] in ('asked', 'wrong'):
  <form method="post" action="/access/code" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='code', label=_('Code on the screen of the box'), errors={}, more={'inputmode': 'numeric', 'autocomplete': 'one-time-code', 'maxlength': '6'})
    <div><button class="primary">{{_('Open the door')}}</button></div></form>
  <p><a href="/access">{{_('Look again')}}</a></p>
% else:
  <form method="post" action="/access/key" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="f-key">{{_('The technician’s public key')}}</label><textarea id="f-key" name="key" rows="3" spellcheck="false"></textarea></div>
    <div><button>{{_('Show a code on the screen')}}</button></div></form>
% end
</section>
% if may('people'):
<section class="card half" aria-labelledby="reset-title"><h2 id="reset-title">{{_('Set the box back')}}</h2>
% if asked:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Everything goes: contacts, calls, recordings, people, settings. This cannot be taken back.') if asked[0] == 'wipe' else _('Settings, passwords of providers and keys go; contacts, calls and recordings stay. A new set-up code on the screen of the box makes the next administrator.')}}</p></div>
  <form method="post" action="/access/reset/confirm" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <p>{{_('To do it, type this code:')}} <strong>{{asked[1]}}</strong></p>
% include('field.tpl', name='code', label=_('Code'), errors={}, more={'inputmode': 'numeric', 'maxlength': '6', 'autocomplete': 'off'})
    <label class="tick"><input type="checkbox" name="force" value="1"> {{_('even during calls, which it ends')}}</label>
    <div><button class="danger">{{_('Set back and restart')}}</button></div></form>
% else:
  <form method="post" action="/access/reset" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <fieldset><legend>{{_('What goes')}}</legend>
      <label class="tick"><input type="radio" name="kind" value="{{'keep-data'}}" checked> {{_('settings and keys; contacts, calls and recordings stay')}}</label>
      <label class="tick"><input type="radio" name="kind" value="{{'wipe'}}"> {{_('everything, to give the box away')}}</label>
    </fieldset>
    <div><button>{{_('Go on')}}</button></div></form>
% end
</section>
% end
</div>
