% rebase('base.tpl', title=_('Other programs'))
<div class="head"><h1>{{_('Other programs')}}</h1></div>
% include('api_tabs.tpl', tab='/settings/api')
<p class="intro">{{_('A program of the office, such as a CRM, asks the box with a token. A token can do only what it is allowed here, and can be revoked at any time.')}}</p>
% if made:
<section class="card form credentials" aria-labelledby="made-title">
  <h2 id="made-title">{{_('Copy the token now')}}</h2>
  <p class="hint">{{_('It is shown only this once; the box itself keeps no copy.')}}</p>
  <dl class="copy"><div><dt>{{_('Token')}}</dt><dd><code id="p-token">{{made}}</code><button class="small" type="button" data-copy="p-token" aria-label="{{_('Copy: {what}', what=_('Token'))}}" hidden><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#copy"></use></svg><span>{{_('Copy')}}</span></button></dd></div></dl>
</section>
% end
% if tokens:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Token')}}</th><th scope="col" class="wide-only">{{_('May')}}</th><th scope="col">{{_('Last used')}}</th><th scope="col">{{_('Revoke')}}</th></tr></thead>
  <tbody>
% for each in tokens:
  <tr><th scope="row">{{each.name}}<br><code>{{each.hint}}…</code>
    <p class="hint">{{_('Made by {name} on {date}', name=each.created_by or '?', date=L.date(each.created_at))}}\\
% if each.expires_at is not None:
 · {{_('until {moment}', moment=L.moment(each.expires_at))}}\\
% end
% if each.sources:
 · {{', '.join(each.sources)}}\\
% end
% if ('token', each.id) in belongs:
 · {{next((one.name for one in departments if one.id == belongs['token', each.id]), '')}}\\
% end
</p></th>
  <td class="wide-only">{{', '.join(_(scopes[scope]) for scope in each.scopes if scope in scopes)}}</td>
  <td>\\
% if each.last_used_at is None:
<span class="muted">{{_('never')}}</span>\\
% else:
{{L.moment(each.last_used_at)}} <span class="muted">{{each.last_used_from}}</span>\\
% end
</td>
  <td>\\
% if each.revoked_at is not None:
<span class="tag">{{_('revoked {moment}', moment=L.moment(each.revoked_at))}}</span>\\
% elif not each.usable(now):
<span class="tag">{{_('expired')}}</span>\\
% else:
<button class="small danger" type="button" popovertarget="revoke-{{each.id}}" aria-label="{{_('Revoke {name}', name=each.name)}}">{{_('Revoke')}}</button>\\
% end
</td></tr>
% end
  </tbody>
</table></div>
% for each in tokens:
% if each.usable(now):
% include('confirm.tpl', id='revoke-%d' % each.id, question=_('Revoke the token {name}?', name=each.name), consequence=_('Whatever uses it is refused from this moment. This cannot be taken back.'), action='/settings/api/%d/revoke' % each.id, button=_('Revoke'))
% end
% end
% else:
<p class="empty">{{_('No token yet. Make one for each program, so that one can be revoked without the others.')}}</p>
% end
<section class="card form" aria-labelledby="new-title"><h2 id="new-title">{{_('Make a token')}}</h2>
  <form method="post" action="/settings/api" class="stack" novalidate><input type="hidden" name="csrf" value="{{visit.csrf}}">
  <div class="grid">
% include('field.tpl', name='name', label=_('What for'), value=typed['name'], hint=_('Such as: CRM, website.'), more={'maxlength': '80', 'required': '', 'autocomplete': 'off'})
% include('field.tpl', name='until', label=_('Until the end of'), value=typed['until'], type='date', hint=_('Empty: until revoked.'))
% include('field.tpl', name='sources', label=_('Only from these addresses'), value=typed['sources'], hint=_('Addresses or networks such as 192.168.10.0/24; empty: from anywhere.'), more={'maxlength': '500', 'autocapitalize': 'none', 'spellcheck': 'false'})
% include('field.tpl', name='rate', label=_('Requests a minute, at most'), value=typed['rate'], more={'inputmode': 'numeric', 'maxlength': '6'})
% if departments:
    <div class="field"><label for="f-department">{{_('Department')}}</label><select id="f-department" name="department">
      <option value="">{{_('The whole box')}}</option>
% for each in departments:
      <option value="{{each.id}}"{{' selected' if typed.get('department') == str(each.id) else ''}}>{{each.name}}</option>
% end
    </select></div>
% end
  </div>
  <fieldset{{' aria-describedby=e-scopes' if errors.get('scopes') else ''}}><legend>{{_('May')}}</legend>
% for key, text in scopes.items():
    <label class="tick"><input type="checkbox" name="scopes" value="{{key}}"{{' checked' if key in typed['scopes'] else ''}}><span>{{_(text)}} <code class="muted">{{key}}</code></span></label>
% end
% if errors.get('scopes'):
    <p class="mistake" id="e-scopes">{{errors['scopes']}}</p>
% end
  </fieldset>
  <div><button class="primary">{{_('Make the token')}}</button></div>
  </form>
</section>
