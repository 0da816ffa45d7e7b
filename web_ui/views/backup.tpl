% rebase('base.tpl', title=_('Backup'))
% last = backup['last']
% account = last['account']
<div class="head"><h1>{{_('Backup')}}</h1>
% if backup['folder'] and backup['recovery']:
  <form method="post" action="/backup/make"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="primary"{{' disabled' if backup['running'] else ''}}>{{_('Back up now')}}</button></form>
% end
</div>
<p class="intro">{{_('One encrypted file with everything, every night. Each one is opened again and put back into a scratch database at once: only a backup that has been put back is one.')}}</p>
% if key:
<section class="card" aria-labelledby="key-title"><h2 id="key-title">{{_('The recovery key')}}</h2>
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Print this page or write the key down now, and put it in a safe place away from the box. It is shown this once and kept nowhere. Whoever has it can open every backup; without it nobody can put one back on another box.')}}</p></div>
  <p><code class="long">{{key}}</code></p>
</section>
% end
<div class="dashboard">
<section class="card half" aria-labelledby="last-title"><h2 id="last-title">{{_('The last one')}}</h2>
% if backup['running']:
  <p role="status">{{_('A backup is being made and tried.')}} <a href="/backup">{{_('Look again')}}</a></p>
% end
% if last['key']:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Failed on {moment}: {reason}', moment=L.moment(last['failed_at']), reason=_(words.BACKUP_FAILURES.get(last['key'], last['text'])))}}</p></div>
% end
% if last['good_at']:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Made and put back for a try on {moment}.', moment=L.moment(last['good_at']))}}</p>
  <dl class="facts">
    <dt>{{_('File')}}</dt><dd><code>{{account['file']}}</code></dd>
    <dt>{{_('Size')}}</dt><dd>{{L.size(account['size'])}}</dd>
    <dt>{{_('Time taken')}}</dt><dd>{{_('{made} s to make, {tried} s to try', made=L.number(round(account['took_s'], 1)), tried=L.number(round(account['tried_s'], 1)))}}</dd>
    <dt>{{_('Contacts')}}</dt><dd>{{L.number(account['counts'].get('contact', 0))}}</dd>
    <dt>{{_('Attempts')}}</dt><dd>{{L.number(account['counts'].get('attempt', 0))}}</dd>
  </dl>
% elif not backup['running'] and not last['key']:
  <p class="empty">{{_('No backup has been made yet.')}}</p>
% end
</section>
<section class="card half" aria-labelledby="where-title"><h2 id="where-title">{{_('Where and when')}}</h2>
% if not backup['folder']:
  <p>{{_('No folder is set. Name a stick STROWGER, plug it in, and set /media/backup in the first run; or set a server there, like sftp://backup@server.example/folder or smb://backup@server.example/share/folder.')}}</p>
% else:
  <dl class="facts">
    <dt>{{_('Folder')}}</dt><dd><code>{{backup['folder']}}</code></dd>
    <dt>{{_('Every night at')}}</dt><dd>{{backup['at']}}</dd>
    <dt>{{_('Kept for')}}</dt><dd>{{ngettext('{count} day', '{count} days', backup['keep_days'])}}</dd>
% if backup['next_at']:
    <dt>{{_('Next one')}}</dt><dd>{{L.moment(backup['next_at'])}}</dd>
% end
  </dl>
  <p class="hint">{{_('What is erased on the box is gone from its backups after that many days. Files copied elsewhere are yours to delete.')}}</p>
% end
</section>
% server = backup['server']
% if server:
<section class="card" aria-labelledby="server-title"><h2 id="server-title">{{_('The server')}}</h2>
% if errors:
  <p class="mistake" role="alert">{{' '.join(errors.values())}}</p>
% end
  <ol class="stack">
% if server['kind'] == 'smb':
    <li><p>{{_('Files go to the share {share} on {host} as the user {user}, signed, and encrypted where the server can.', share=server['share'], host=server['host'], user=server['user'])}}</p>
% if server['has_password']:
      <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('The password is kept on the box.')}}</p>
% else:
      <p>{{_('No backup goes there before the password was typed.')}}</p>
% end
      <form method="post" action="/backup/server/password" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='password', type='password', label=_('Password of this user on the server'), hint=_('It is never shown again, goes to this server alone and is in no backup. Best give the box a user of its own there, who may change this share and nothing else.'), more={'autocomplete': 'off', 'required': '', 'maxlength': '127'})
        <div><button{{'' if server['has_password'] else ' class=primary'}}>{{_('Keep the password')}}</button></div></form></li>
% else:
    <li><p>{{_('Put this key of the box into authorized_keys of the user {user} on {host}. It is for backups alone; no password is used.', user=server['user'], host=server['host'])}}</p>
      <p><code class="long">{{line}}</code></p></li>
    <li>
% if server['fingerprint']:
      <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('The server was confirmed with the fingerprint')}} <code class="long">{{server['fingerprint']}}</code></p>
% else:
      <p>{{_('Ask the server who it is, and compare its fingerprint with what whoever runs it says. No backup goes to a server nobody has confirmed.')}}</p>
% end
% if shown:
      <p role="status">{{_('It shows the fingerprint')}} <code class="long">{{shown}}</code></p>
      <form method="post" action="/backup/server/trust"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="fingerprint" value="{{shown}}"><button class="primary">{{_('It is the right one')}}</button></form>
% end
      <form method="post" action="/backup/server/look"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Ask the server who it is')}}</button></form></li>
% end
% if not server['lacks']:
    <li><form method="post" action="/backup/server/try"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Write a small file to it for a try')}}</button></form></li>
% end
  </ol>
  <p class="hint">{{_('Each backup is brought there, fetched back and put back into a scratch database: what is tried is what the server has.')}}</p>
</section>
% end
<section class="card" aria-labelledby="recovery-title"><h2 id="recovery-title">{{_('Recovery key')}}</h2>
% if backup['recovery']:
  <p>{{_('There is one; its public half is')}} <code class="long">{{backup['recovery']}}</code></p>
  <p><button type="button" popovertarget="another">{{_('Make another one')}}</button></p>
% include('confirm.tpl', id='another', question=_('Make another recovery key?'), consequence=_('Backups from now on open with the new key. For those made before, keep the old one.'), action='/backup/key', button=_('Make another one'), look='primary')
% else:
  <p>{{_('There is none yet, so no backup is made. Be ready to print or to write: the key is shown once.')}}</p>
  <form method="post" action="/backup/key"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="primary">{{_('Make the recovery key')}}</button></form>
% end
  <p class="hint">{{_('To put a backup back on this box or a new one: stop the service and run “strowger restore FILE --key KEYFILE”.')}}</p>
</section>
</div>
