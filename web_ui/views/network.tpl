% rebase('base.tpl', title=_('Address of the box'))
<div class="head"><h1>{{_('Address of the box')}}</h1></div>
% trial = state['trial']
<div class="dashboard">
<section class="card half" aria-labelledby="now-title"><h2 id="now-title">{{_('Now')}}</h2>
  <dl class="facts">
    <dt>{{_('Set')}}</dt><dd>{{state['kept']['address'] + '/' + str(state['kept']['prefix']) if state['kept']['method'] == 'fixed' else _('by the office’s network (DHCP)')}}</dd>
% for port in state['ports']:
    <dt>{{port['name']}}</dt><dd>{{(port['address'] or _('no address')) if port['up'] else _('no cable')}}</dd>
% end
  </dl>
  <div role="status">
% if begun is not None:
  <p><strong>{{_('In a few seconds the box changes its address.')}}</strong>
% if begun:
  {{_('Then open it there, log in and confirm within three minutes, or it comes back to where it was:')}} <a href="https://{{begun}}/network">{{'https://%s/network' % begun}}</a></p>
% else:
  {{_('Its screen shows which address it was given. Open it there or by its name, log in and confirm within three minutes, or it comes back to where it was.')}}</p>
% end
% elif trial and trial['here']:
  <p><strong>{{_('You see this page at the new address: it works.')}}</strong> {{_('Until {moment} the box waits for you to confirm; then the old settings come back.', moment=L.moment(trial['until']))}}</p>
  <form method="post" action="/network/keep"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="primary">{{_('Keep this address')}}</button></form>
% elif trial:
  <p>{{_('The address {address} is being tried until {moment}. Open this page there and confirm:', address=trial['address'], moment=L.moment(trial['until']))}} <a href="https://{{trial['address']}}/network">{{'https://%s/network' % trial['address']}}</a></p>
% elif state['outcome'] == 'returned':
  <p>{{_('Nobody confirmed {address} within three minutes, so the old settings are back.', address=state['tried']['address'] or 'DHCP')}}</p>
% elif state['outcome'] == 'failed':
  <p>{{_('{address} could not be set; the old settings are back. Restart the box and try again.', address=state['tried']['address'] or 'DHCP')}}</p>
% elif state['outcome'] == 'refused':
  <p>{{_('What was asked for could not be used, so nothing was changed. Is the network port still there?')}}</p>
% elif state['outcome'] == 'unreadable':
  <p>{{_('What was set here before cannot be read, so the box asks the office’s network (DHCP). Set it anew.')}}</p>
% end
  </div>
  <p class="hint">{{_('By its name, strowger.local, the box is found whatever its address is, by devices that know such names.')}} <a href="/label">{{_('A label to print')}}</a></p>
</section>
<section class="card half" aria-labelledby="set-title"><h2 id="set-title">{{_('Set')}}</h2>
% if not state['possible']:
  <p class="empty">{{_('This machine was not flashed from an image; its address is its own system’s business.')}}</p>
% else:
% include('mistakes.tpl')
  <form method="post" action="/network" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <fieldset><legend>{{_('Where the address comes from')}}</legend>
      <label class="tick"><input type="radio" name="method" value="{{'dhcp'}}"{{' checked' if typed['method'] == 'dhcp' else ''}}> {{_('the office’s network gives it (DHCP)')}}</label>
      <label class="tick"><input type="radio" name="method" value="{{'fixed'}}"{{' checked' if typed['method'] == 'fixed' else ''}}> {{_('it is fixed, as written below')}}</label>
    </fieldset>
    <div class="field"><label for="f-port">{{_('Network port')}}</label><select id="f-port" name="port">
% for port in state['ports']:
      <option{{' selected' if typed.get('port') == port['name'] else ''}}>{{port['name']}}</option>
% end
    </select>
% if errors.get('port'):
      <p class="mistake" id="e-port">{{errors['port']}}</p>
% end
    </div>
% include('field.tpl', name='address', label=_('Address'), hint=_('One that the office’s router gives to nobody else, like 192.168.1.20.'), value=typed.get('address', ''), more={'inputmode': 'decimal', 'maxlength': '40', 'autocomplete': 'off'})
% include('field.tpl', name='prefix', label=_('Size of the network'), hint=_('24 or 255.255.255.0.'), value=typed.get('prefix', ''), more={'inputmode': 'decimal', 'maxlength': '40', 'autocomplete': 'off'})
% include('field.tpl', name='gateway', label=_('Gateway'), hint=_('The office’s router. Empty: the box stays in its own network.'), value=typed.get('gateway', ''), more={'inputmode': 'decimal', 'maxlength': '40', 'autocomplete': 'off'})
% include('field.tpl', name='servers', label=_('Name servers, at most two'), hint=_('Empty: the gateway.'), value=typed.get('servers', ''), more={'maxlength': '100', 'autocomplete': 'off'})
    <p class="hint">{{_('The new address is tried for three minutes. Unless somebody opens this page there and confirms, the old settings come back by themselves, also after a power cut. Telephones and lines start anew, which ends calls.')}}</p>
    <label class="tick"><input type="checkbox" id="f-force" name="force" value="1"> {{_('even during calls, which it ends')}}</label>
    <div class="row end"><button class="primary">{{_('Try it for three minutes')}}</button></div>
  </form>
% end
</section>
</div>
