% rebase('base.tpl', title=_('Webhooks'))
<div class="head"><h1>{{_('Webhooks')}}</h1></div>
% include('api_tabs.tpl', tab='/settings/webhooks')
<p class="intro">{{_('The box tells other programs what happens, signed, and tries again for three days until they have taken it.')}}</p>
% if secret:
<section class="card form credentials" aria-labelledby="made-title">
  <h2 id="made-title">{{_('Copy the secret now')}}</h2>
  <p class="hint">{{_('The other program needs it to check signatures. It is shown only this once.')}}</p>
  <dl class="copy"><div><dt>{{_('Secret')}}</dt><dd><code id="p-secret">{{secret}}</code><button class="small" type="button" data-copy="p-secret" aria-label="{{_('Copy: {what}', what=_('Secret'))}}" hidden><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#copy"></use></svg><span>{{_('Copy')}}</span></button></dd></div></dl>
</section>
% end
% if not hooks:
<p class="empty">{{_('No webhook yet.')}}</p>
% end
% for hook in hooks:
<section class="card" aria-labelledby="hook-{{hook.id}}">
  <div class="row apart"><h2 id="hook-{{hook.id}}" class="break">{{hook.url}}</h2>
% if hook.stopped_at is not None:
  <span class="state down">{{_('given up')}}</span>
% elif not hook.active:
  <span class="state paused">{{_('paused')}}</span>
% elif hook.failing_since is not None:
  <span class="state paused">{{_('does not listen')}}</span>
% else:
  <span class="state ready">{{_('active')}}</span>
% end
  </div>
  <p>{{', '.join(_(events[event]) if event in events else event for event in hook.events)}}</p>
  <p class="muted">{{ngettext('{count} delivery waits', '{count} deliveries wait', waiting.get(hook.id, 0))}}\\
% if hook.failing_since is not None:
 · {{_('failing since {moment}', moment=L.moment(hook.failing_since))}}\\
% end
</p>
  <div class="row">
    <a class="button small" href="/settings/webhooks/{{hook.id}}" aria-label="{{_('Deliveries to {url}', url=hook.url)}}">{{_('Deliveries')}}</a>
    <form method="post" action="/settings/webhooks/{{hook.id}}/test"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Test: {url}', url=hook.url)}}">{{_('Test')}}</button></form>
    <form method="post" action="/settings/webhooks/{{hook.id}}/active"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" name="active" value="{{0 if hook.active else 1}}" aria-label="{{_('Pause: {url}', url=hook.url) if hook.active else _('Go on: {url}', url=hook.url)}}">{{_('Pause') if hook.active else _('Go on')}}</button></form>
    <button class="small danger" type="button" popovertarget="remove-{{hook.id}}" aria-label="{{_('Remove {number}', number=hook.url)}}">{{_('Remove')}}</button>
  </div>
% include('confirm.tpl', id='remove-%d' % hook.id, question=_('Remove this webhook?'), consequence=_('What waits for it is dropped.'), action='/settings/webhooks/%d/remove' % hook.id, button=_('Remove'))
</section>
% end
<section class="card form" aria-labelledby="new-title"><h2 id="new-title">{{_('Set up a webhook')}}</h2>
  <form method="post" action="/settings/webhooks" class="stack" novalidate><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='url', label=_('Address'), value=typed['url'], hint=_('https://… For a program inside the office, its network must be allowed in the settings file ([webhooks] private_networks).'), more={'maxlength': '500', 'required': '', 'inputmode': 'url', 'autocapitalize': 'none', 'spellcheck': 'false'})
  <div class="field"><label for="f-campaign_id">{{_('Campaign')}}</label><select id="f-campaign_id" name="campaign_id"><option value="">{{_('All campaigns')}}</option>
% for each in campaigns:
    <option value="{{each.id}}"{{' selected' if typed['campaign_id'] == str(each.id) else ''}}>{{each.settings.name}}</option>
% end
  </select></div>
  <fieldset{{' aria-describedby=e-events' if errors.get('events') else ''}}><legend>{{_('Told when')}}</legend>
% for key, text in events.items():
    <label class="tick"><input type="checkbox" name="events" value="{{key}}"{{' checked' if key in typed['events'] else ''}}><span>{{_(text)}} <code class="muted">{{key}}</code></span></label>
% end
% if errors.get('events'):
    <p class="mistake" id="e-events">{{errors['events']}}</p>
% end
  </fieldset>
  <div><button class="primary">{{_('Set up')}}</button></div>
  </form>
</section>
