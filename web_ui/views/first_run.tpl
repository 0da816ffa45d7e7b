% rebase('base.tpl', title=_('First run: {step}', step=_(steps[step])))
<div class="head"><p class="crumb">{{_('First run')}}</p><h1>{{_(steps[step])}}</h1></div>
% if not settings['writable']:
<div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('The box was started without a settings file, so its pages cannot change settings.')}}</p></div>
% end
<div class="dashboard">
<nav class="card five no-print" aria-label="{{_('Steps')}}"><ol class="steps">
% for key, label in steps.items():
  <li{{' class=done' if states[key] == 'done' else ''}}><div><a href="/first-run/{{key}}"{{' aria-current=step' if key == step else ''}}>{{_(label)}}</a>
% if states[key] == 'skipped':
   <span class="muted">{{_('skipped')}}</span>
% elif states[key] == 'done':
   <span class="sr">{{_('done')}}</span>
% end
  </div></li>
% end
</ol></nav>
<section class="card seven" aria-label="{{_(steps[step])}}">
% include('mistakes.tpl')
% if tried:
  <div class="note {{'done' if tried[0] else 'refused'}}" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{'check' if tried[0] else 'alert'}}"></use></svg><p>{{tried[1]}}</p></div>
% end
% if step == 'trunk':
  <p>{{_('Who is your provider? That fills in what is known of it; nothing of it has been tried from here.')}}</p>
  <ul class="row">
% for each in settings['providers']:
    <li><a class="button small" href="/first-run/trunk?provider={{each['key']}}">{{each['name'] or _('Another one')}}</a></li>
% end
  </ul>
% if typed.get('source'):
  <p class="hint">{{_('Source: {source}.', source=typed['source'])}}
% if not typed['looked_at']:
 {{_('Nobody has held these figures against it yet; what your contract says counts.')}}
% end
</p>
% end
% for trunk in settings['trunks']:
  <form method="post" action="/first-run/trunk/try" class="row apart"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="name" value="{{trunk['name']}}">
    <p><strong>{{trunk['name']}}</strong> {{trunk['host']}}</p><button class="small">{{_('Try it')}}<span class="sr"> {{trunk['name']}}</span></button></form>
% end
% end
  <form method="post" action="/first-run/{{step}}" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% if step == 'language':
% include('field.tpl', name='name', label=_('Name of the box'), hint=_('Shown on every page and in reports.'), value=typed['name'], more={'maxlength': '60', 'required': ''})
    <div class="field"><label for="f-language">{{_('Language of announcements')}}</label>
      <select id="f-language" name="language">
% for code, name in languages.items():
        <option value="{{code}}" lang="{{code}}"{{' selected' if typed['language'] == code else ''}}>{{name}}</option>
% end
      </select></div>
% elif step == 'owner':
    <p>{{_('You are {name}, and you can do everything here. A second factor, a code from an app on your telephone, keeps others out who have learnt your password.', name=visit.person.name)}}</p>
    <p>{{_('Second factor')}}: <strong>{{facts['second_factor']}}</strong>. <a href="/account/second-factor">{{_('Set up or change')}}</a></p>
% elif step == 'country':
    <div class="field"><label for="f-country">{{_('Country')}}</label><select id="f-country" name="country">
% for code in countries if typed['country'] in countries else (typed['country'], *countries):
      <option{{' selected' if typed['country'] == code else ''}}>{{code}}</option>
% end
    </select><p class="hint">{{_('How numbers without a country code are read, and whose rules apply.')}}</p></div>
    <div class="field"><label for="f-zone">{{_('Time zone of the office')}}</label><select id="f-zone" name="zone">
% for zone in zones if typed['zone'] in zones else (typed['zone'], *zones):
      <option{{' selected' if typed['zone'] == zone else ''}}>{{zone}}</option>
% end
    </select></div>
% elif step == 'clock':
    <p>{{_('The clock')}}: <strong>{{facts['clock']}}</strong></p>
    <label class="tick"><input type="checkbox" name="require" value="1"{{' checked' if typed['require'] else ''}}> {{_('place no calls while no time server is heard')}}</label>
% elif step == 'network':
    <p>{{_('This box is reached at {address}.', address=facts['address'])}} <a href="/network">{{_('Give it a fixed address')}}</a> · <a href="/label">{{_('A label to print')}}</a></p>
    <div class="field"><label for="f-names">{{_('Further names, one a line')}}</label><textarea id="f-names" name="names" rows="3" spellcheck="false">{{typed['names']}}</textarea>
% if errors.get('names'):
      <p class="mistake" id="e-names">{{errors['names']}}</p>
% end
    </div>
% elif step == 'trunk':
% include('field.tpl', name='name', label=_('Short name'), hint=_('Small letters, digits and hyphens.'), value=typed['name'], more={'maxlength': '32', 'spellcheck': 'false'})
% include('field.tpl', name='host', label=_('Server of the provider'), value=typed['host'], more={'spellcheck': 'false'})
% include('field.tpl', name='port', label=_('Port'), value=typed['port'], more={'inputmode': 'numeric'})
    <div class="field"><label for="f-transport">{{_('Transport')}}</label><select id="f-transport" name="transport">
% for kind in ('udp', 'tcp', 'tls'):
      <option{{' selected' if typed['transport'] == kind else ''}}>{{kind}}</option>
% end
    </select></div>
% include('field.tpl', name='username', label=_('User name'), value=typed['username'], more={'spellcheck': 'false', 'autocomplete': 'off'})
% include('field.tpl', name='password', type='password', label=_('Password'), hint=_('Left empty, it stays as it is.'), value='', more={'autocomplete': 'new-password'})
    <label class="tick"><input type="checkbox" name="register" value="1"{{' checked' if typed['register'] else ''}}> {{_('register, to be reachable')}}</label>
% include('field.tpl', name='lines', label=_('Calls at the same time'), value=typed['lines'], more={'inputmode': 'numeric'})
    <div class="field"><label for="f-caller_ids">{{_('Numbers we may show, one a line')}}</label><textarea id="f-caller_ids" name="caller_ids" rows="3" spellcheck="false" placeholder="+493023125001">{{typed['caller_ids']}}</textarea>
% if errors.get('caller_ids'):
      <p class="mistake" id="e-caller_ids">{{errors['caller_ids']}}</p>
% end
    </div>
% elif step == 'extensions':
    <p>{{_('Every person who takes calls has a telephone of their own: a desk phone or a program.')}}</p>
    <ul>
% for user in people:
      <li>{{user.name}}: {{user.phone_user or _('no telephone')}}</li>
% end
    </ul>
% if may('people'):
    <p><a href="/users/new">{{_('Add a person')}}</a> · <a href="/users">{{_('People')}}</a></p>
% end
% elif step == 'hours':
    <div class="field"><label for="f-hours">{{_('Open, one time a line')}}</label><textarea id="f-hours" name="hours" rows="4" spellcheck="false" aria-describedby="h-hours">{{typed['hours']}}</textarea>
      <p class="hint" id="h-hours">{{_('Like Mon-Fri 08:00-18:00, by the office’s clock. Empty: always open.')}}</p>
% if errors.get('hours'):
      <p class="mistake" id="e-hours">{{errors['hours']}}</p>
% end
    </div>
% include('field.tpl', name='closed', label=_('Said to callers outside of these hours'), hint=_('Empty: the box’s own words.'), value=typed['closed'], more={'maxlength': '500'})
% elif step == 'greeting':
% include('field.tpl', name='greeting', label=_('Said to callers who wait'), hint=_('Empty: the box’s own words.'), value=typed['greeting'], more={'maxlength': '500'})
% elif step == 'backup':
% include('field.tpl', name='folder', label=_('Folder on a stick, a share or a server'), hint=_('A stick named STROWGER is /media/backup. A server: sftp://USER@SERVER/FOLDER, or of Windows and on a NAS smb://USER@SERVER/SHARE/FOLDER; the page “Backup” has the rest. Empty: no backups.'), value=typed['folder'], more={'spellcheck': 'false'})
% include('field.tpl', name='at', type='time', label=_('Every night at'), value=typed['at'])
    <p><a href="/backup">{{_('The recovery key is made on the page “Backup”.')}}</a></p>
% elif step == 'retention':
% include('field.tpl', name='keep_days', label=_('Days a backup is kept'), hint=_('What is erased on the box is gone from its backups after as many days.'), value=typed['keep_days'], more={'inputmode': 'numeric'})
% elif step == 'sheet':
    <dl class="facts">
% for label, value in account:
      <dt>{{label}}</dt><dd>{{value}}</dd>
% end
    </dl>
    <p class="row no-print"><button type="button" data-print hidden>{{_('Print')}}</button>
% if may('technician'):
      <a href="/box">{{_('The technician’s acceptance sheet, with measurements')}}</a>
% end
    </p>
% end
    <div class="row end no-print">
% if step != 'sheet':
      <button name="skip" value="1" formnovalidate>{{_('Skip')}}</button>
% end
      <button class="primary">{{_('Done') if step == 'sheet' else _('Save and go on')}}</button>
    </div>
  </form>
</section>
% if settings['restart_needed'] or settings['may_undo']:
<section class="card no-print" aria-labelledby="changes-title"><h2 id="changes-title">{{_('Changed settings')}}</h2>
% if settings['restart_needed']:
  <p>{{_('What was set counts once the services have been restarted.')}}</p>
% if not settings['restarts_itself']:
  <p><code>{{'systemctl restart strowger-edge strowger strowger-web'}}</code></p>
% end
% end
  <div class="row">
% if settings['restart_needed'] and settings['restarts_itself']:
    <form method="post" action="/first-run/settings/apply"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="primary">{{_('Restart the services')}}</button></form>
% end
% if settings['may_undo']:
    <form method="post" action="/first-run/settings/undo"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Take back the last change')}}</button></form>
% end
  </div>
</section>
% end
</div>
