% slots = state['slots']
<section class="card" aria-labelledby="runs-title" data-phase="{{phase}}"><h2 id="runs-title">{{_('Version {version}', version=state['running'])}}</h2>
% if slots['proven_at']:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Runs since {moment} and has shown that it works here.', moment=L.moment(slots['proven_at']))}}</p>
% else:
  <p role="status">{{_('It is still showing that it works here; until then it places no calls.')}}</p>
% end
% if slots['taken_back']:
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('On {moment} the box came back from version {other} to {running}, because {reason}.', moment=L.moment(slots['taken_back_at']), other=slots['taken_back'], running=state['running'], reason=came_back)}}</p></div>
% end
  <div role="status">
% if phase == 'restarting':
  <p><strong>{{_('The box restarts. This page comes back by itself; that takes a few minutes.')}}</strong></p>
% elif phase == 'installing':
  <p>{{_('Version {version} is being written.', version=state['version'])}}</p>
  <progress max="100"{{'' if percent is None else f' value={percent}'}} aria-label="{{_('Installing')}}"></progress>
% elif phase == 'waiting':
  <p>{{_('Version {version} waits for the last call ({count} now); no new ones are placed.', version=state['plan']['version'], count=state['calls'])}}</p>
% elif phase == 'planned':
  <p>{{_('Version {version} is installed on {moment}, once nobody is on the telephone.', version=state['plan']['version'], moment=L.moment(state['plan']['at']))}}</p>
% elif phase == 'installed':
  <p>{{_('Version {version} is installed; a restart starts it.', version=state['version'])}}</p>
% elif phase == 'failed':
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{failed['against'][0]}}</p></div>
% end
  </div>
% if phase in ('waiting', 'planned'):
  <form method="post" action="/update/cancel"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Do not install it')}}</button></form>
% elif phase == 'installed':
  <form method="post" action="/update/restart" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <label class="tick"><input type="checkbox" name="force" value="1"> {{_('even during calls, which it ends')}}</label>
    <div><button class="primary">{{_('Restart')}}</button></div></form>
% end
</section>
% for number, each in enumerate(bundles):
<section class="card" aria-labelledby="bundle-{{number}}"><h2 id="bundle-{{number}}">{{_('On a stick') if each['on_stick'] else _('Uploaded')}}: {{_('Version {version}', version=each['version']) if each['readable'] else each['name']}}</h2>
  <dl class="facts">
    <dt>{{_('File')}}</dt><dd>{{each['name']}} ({{L.size(each['size'])}})</dd>
% if each['readable']:
    <dt>{{_('For the board')}}</dt><dd>{{each['board']}}</dd>
    <dt>{{_('Made on')}}</dt><dd>{{each['built'] or _('not told')}}</dd>
    <dt>{{_('Signed by')}}</dt><dd>{{each['signer'] or _('not told')}}</dd>
% end
  </dl>
% for text in each['against']:
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{text}}</p></div>
% end
% if not each['against'] and phase in ('quiet', 'failed', 'installed'):
  <form method="post" action="/update/install" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="file" value="{{each['file']}}">
    <fieldset><legend>{{_('When')}}</legend>
      <label class="tick"><input type="radio" name="when" value="{{'now'}}" checked> {{_('now, as soon as nobody is on the telephone')}}</label>
      <label class="tick"><input type="radio" name="when" value="{{'later'}}"> {{_('after hours, at the time below')}}</label>
      <div class="field"><label for="at-{{number}}">{{_('Time')}}</label><div class="control"><input id="at-{{number}}" name="at" type="time" value="22:00"></div></div>
    </fieldset>
    <label class="tick"><input type="checkbox" name="force" value="1"> {{_('even during calls, which it ends')}}</label>
    <div><button class="primary">{{_('Install version {version}', version=each['version'])}}</button></div>
  </form>
% end
% if not each['on_stick'] and phase in ('quiet', 'failed', 'installed'):
  <form method="post" action="/update/drop"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small">{{_('Delete the file')}}</button></form>
% end
</section>
% end
% if slots['other_version'] and phase in ('quiet', 'failed'):
<section class="card" aria-labelledby="back-title"><h2 id="back-title">{{_('Go back')}}</h2>
% if state['may_go_back']:
  <p>{{_('Version {version} is still on this box and has worked here. It finds all the data.', version=slots['other_version'])}}</p>
  <p><button type="button" popovertarget="go-back">{{_('Go back to version {version}', version=slots['other_version'])}}</button></p>
% include('confirm.tpl', id='go-back', question=_('Go back to version {version}?', version=slots['other_version']), consequence=_('The box restarts; nobody can telephone for a few minutes.'), action='/update/go_back', button=_('Go back'), look='danger')
% else:
  <p>{{_('Version {version} is still on this box, but it cannot read the data any more.', version=slots['other_version'])}}</p>
% end
</section>
% end
