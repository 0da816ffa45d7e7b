% rebase('base.tpl', title=_('Telephone of {name}', name=account.name))
<div class="head"><p class="crumb no-print"><a href="/users/{{user_id}}">{{account.name}}</a></p><h1>{{_('Telephone of {name}', name=account.name)}}</h1>
  <button class="no-print" type="button" data-print hidden>{{_('Print')}}</button></div>
<section class="card">
  <dl class="copy">
% for label, value in ((_('Server (registrar, proxy)'), account.server), (_('Domain'), account.domain), (_('User name'), account.user), (_('Password'), account.secret)):
    <div><dt>{{label}}</dt><dd><code>{{value}}</code></dd></div>
% end
  </dl>
  <p>{{_('Codec PCMA (G.711 A-law), keys as RFC 4733, transport UDP.')}} {{_('The phone picks up by itself; the line stays open between calls.') if account.picks_up else _('The phone rings for every call.')}}</p>
  <p class="hint">{{_('This sheet is a key: whoever has it can take this person’s calls. Destroy it once the phone is set up.')}}</p>
</section>
<section class="card no-print">
  <h2>{{_('Settings files')}}</h2>
  <p class="hint">{{_('Download the file of the phone’s maker and load it in the phone’s own pages. This works for ten minutes.')}}</p>
  <ul class="plain">
% for key, maker in makers.items():
    <li><a href="/users/{{user_id}}/phone/{{key}}" download>{{maker.name}}</a> <span class="hint" lang="en">{{maker.where}}</span></li>
% end
  </ul>
</section>
<section class="card">
  <h2>{{_('Softphone')}}</h2>
  <p class="hint">{{_('Grandstream Wave and apps like it read the square: Settings, Accounts, add, scan.')}}</p>
  <img src="/users/{{user_id}}/phone/square.svg" alt="{{_('The settings above as a square of dots')}}" width="240" height="240">
</section>
