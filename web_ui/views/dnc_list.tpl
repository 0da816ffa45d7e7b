% name = words.dnc_name(dnc.name, L)
% rebase('base.tpl', title=name)
<div class="head"><p class="crumb"><a href="/dnc">{{_('DNC lists')}}</a></p><h1>{{name}}</h1><p class="muted">{{ngettext('{count} number', '{count} numbers', dnc.entries + dnc.register_numbers)}} · {{_('version {version}', version=L.number(dnc.version))}}</p>
  <a class="button small" href="/dnc/{{dnc.id}}/history">{{_('History')}}</a>
% if dnc.id != 1:
  <button class="danger small" type="button" popovertarget="delete"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#trash"></use></svg>{{_('Delete')}}</button>
% end
</div>
% if dnc.id != 1:
% include('confirm.tpl', id='delete', question=_('Delete this DNC list?'), consequence=_('{count} numbers may be called again. Campaigns that ask this list keep it from being deleted.', count=L.number(dnc.entries + dnc.register_numbers)), action='/dnc/%d/delete' % dnc.id, button=_('Delete for good'))
% end
% if told:
<div class="note done" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><p>{{told}}</p></div>
% end
<div class="dashboard">
<section class="card third" aria-labelledby="add-title"><h2 id="add-title">{{_('Block numbers')}}</h2>
  <form method="post" action="/dnc/{{dnc.id}}/add" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="f-numbers">{{_('Telephone numbers')}}</label><p class="hint" id="h-numbers">{{_('One per line; pasting a column from a spreadsheet works. A star at the end blocks every number that begins so: +49301*')}}</p>
      <textarea id="f-numbers" name="numbers" rows="6" aria-describedby="h-numbers{{' e-numbers' if refused else ''}}"{{' aria-invalid=true' if refused else ''}}>
% for number, _problem in refused:
{{number}}
% end
</textarea>
% if refused:
      <div class="mistake" id="e-numbers" role="alert"><p>{{_('These were not taken:')}}</p><ul>
% for number, problem in refused:
        <li><strong>{{number}}</strong>: {{words.problem(problem, L)}}</li>
% end
      </ul></div>
% end
    </div>
    <div class="field"><label for="f-until">{{_('Blocked until the end of')}}</label><input id="f-until" name="until" type="date" aria-describedby="h-until"><p class="hint" id="h-until">{{_('Left empty: for good.')}}</p></div>
    <div class="field"><label for="f-why">{{_('Reason')}}</label><input id="f-why" name="why" maxlength="200"></div>
    <div><button class="primary">{{_('Block')}}</button></div>
  </form>
  <form method="post" action="/dnc/{{dnc.id}}/upload" enctype="multipart/form-data" class="stack apart-above"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="f-file">{{_('Or a whole file')}}</label><input id="f-file" name="file" type="file" accept=".csv,.txt,.tsv,text/csv" required aria-describedby="h-file"><p class="hint" id="h-file">{{_('CSV or plain text, also national registers of millions of numbers; the column with the numbers is found by itself.')}}</p></div>
    <fieldset><legend>{{_('What is in the file?')}}</legend>
% for way, text in ways.items():
% if way != 'join' or dnc.register:
      <label class="tick"><input type="radio" name="way" value="{{way}}"{{' checked' if way == 'add' else ''}}><span>{{_(text)}}</span></label>
% end
% end
    </fieldset>
    <div class="field"><label for="f-country">{{_('Country of the numbers')}}</label><input id="f-country" name="country" value="{{country}}" maxlength="2" class="short" autocapitalize="characters"></div>
    <div><button>{{_('Upload and block')}}</button></div>
  </form>
</section>
<section class="card two-thirds" aria-labelledby="entries-title"><h2 id="entries-title">{{_('Blocked numbers')}}</h2>
% if dnc.register:
  <p class="note">{{_('The register holds {count} numbers, loaded on {when}. It is exchanged as a whole.', count=L.number(dnc.register_numbers), when=L.moment(dnc.register_at))}} <a href="/dnc/number">{{_('Look up one number')}}</a></p>
% end
% if beginnings:
  <ul class="tags" aria-label="{{_('Blocked beginnings of numbers')}}">
% for each in beginnings:
    <li><form method="post" action="/dnc/{{dnc.id}}/remove" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}"><span class="number">{{each.number}}</span> <button class="small" name="phone" value="{{each.number}}" aria-label="{{_('Remove {number}', number=each.number)}}">{{_('Remove')}}</button></form></li>
% end
  </ul>
% end
  <form method="get" class="row align-end gap-bottom" role="search">
    <div class="field grow"><label for="f-search">{{_('Number begins with')}}</label><input id="f-search" name="search" type="search" value="{{search}}" inputmode="tel" placeholder="+49 30"></div>
    <button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#search"></use></svg>{{_('Search')}}</button>
  </form>
% if not entries.rows:
  <p class="empty">{{_('No number begins like that.') if search else _('The list is empty. Block numbers with the form on this page, or bring a file with them.')}}</p>
% else:
  <div class="scroll"><table class="rows"><thead><tr><th scope="col">{{_('Number')}}</th><th scope="col" class="wide-only">{{_('Since')}}</th><th scope="col">{{_('Until')}}</th><th scope="col" class="wide-only">{{_('Source')}}</th><th scope="col"><span class="sr">{{_('Remove')}}</span></th></tr></thead><tbody>
% for each in entries.rows:
    <tr><th scope="row" class="number">{{L.phone(each.number)}}</th><td class="wide-only">{{L.moment(each.added_at)}}</td><td>{{_('expired') if each.expires_at and each.expires_at <= now else L.moment(each.expires_at) if each.expires_at else _('for good')}}</td><td class="wide-only">{{words.word(words.SOURCES, each.source, L)}}{{', ' + each.who if each.who else ''}}
% if each.why:
    <p class="hint">{{each.why}}</p>
% end
    </td>
    <td class="figure"><form method="post" action="/dnc/{{dnc.id}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" name="phone" value="{{each.number}}" aria-label="{{_('Remove {number}', number=L.phone(each.number))}}">{{_('Remove')}}</button></form></td></tr>
% end
  </tbody></table></div>
% include('pages.tpl', page=entries, path='/dnc/%d' % dnc.id, query='&search=' + quote(search) if search else '')
% end
</section>
% if dnc.id != 1:
<section class="card" aria-labelledby="register-title"><h2 id="register-title">{{_('National register')}}</h2>
  <p class="hint gap-bottom">{{_('Some countries keep registers of people who do not want advertising calls, and say how old a copy may be. Where the rules of a campaign want such a register, nobody is called by one that is missing or too old.')}}</p>
% if age and age.too_old:
  <div class="note refused" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('This register is too old: load the newest copy.') if age.loaded_at else _('No register has been loaded yet.')}}</p></div>
% elif age:
  <p class="gap-bottom">{{_('Loaded on {when}; good until {until}.', when=L.moment(age.loaded_at), until=L.moment(age.good_until))}}</p>
% end
  <form method="post" action="/dnc/{{dnc.id}}/register" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field grow"><label for="f-register">{{_('This list is')}}</label><select id="f-register" name="register"><option value="">{{_('no national register')}}</option>
% for key, text in registers.items():
      <option value="{{key}}"{{' selected' if age and age.name == key else ''}}>{{_(text)}}</option>
% end
    </select></div>
    <div class="field"><label for="f-days">{{_('At most')}}</label><div class="control"><input id="f-days" name="days" inputmode="numeric" class="short" maxlength="3" value="{{age.days if age else ''}}" aria-describedby="h-days"><span class="unit">{{_('days old')}}</span></div><p class="hint" id="h-days">{{_('Empty: what the law allows.')}}</p></div>
    <button>{{_('Save')}}</button>
  </form>
</section>
<section class="card" aria-labelledby="service-title"><h2 id="service-title">{{_('External scrub service')}}</h2>
  <p class="hint gap-bottom">{{_('The list can stand for a service that is asked over the network. A number it has not answered for is not called; it is asked about again and again.')}}</p>
  <form method="post" action="/dnc/{{dnc.id}}/service" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="grid">
    <div class="field"><label for="f-url">{{_('Address')}}</label><input id="f-url" name="url" type="url" maxlength="500" required value="{{service.url if service else ''}}"></div>
    <div class="field"><label for="f-token">{{_('Secret')}}</label><input id="f-token" name="token" type="password" maxlength="500" autocomplete="off" aria-describedby="h-token"><p class="hint" id="h-token">{{_('Left empty: as before.')}}</p></div>
    <div class="field"><label for="f-timeout_s">{{_('Wait at most')}}</label><div class="control"><input id="f-timeout_s" name="timeout_s" inputmode="decimal" class="short" value="{{'%g' % (service.timeout_s if service else 5)}}"><span class="unit">{{_('seconds')}}</span></div></div>
    <div class="field"><label for="f-keep_h">{{_('An answer counts for')}}</label><div class="control"><input id="f-keep_h" name="keep_h" inputmode="decimal" class="short" value="{{'%g' % (service.keep_s / 3600 if service else 24)}}"><span class="unit">{{_('hours')}}</span></div></div>
    </div>
    <div class="row"><button>{{_('Keep')}}</button></div>
  </form>
% if service:
  <form method="post" action="/dnc/{{dnc.id}}/ask" class="row align-end apart-above"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field grow"><label for="f-ask">{{_('Ask about one number')}}</label><input id="f-ask" name="number" inputmode="tel" maxlength="40" required></div>
    <button>{{_('Ask')}}</button>
  </form>
  <form method="post" action="/dnc/{{dnc.id}}/service/remove" class="apart-above"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="danger small">{{_('No service any more')}}</button></form>
% end
</section>
% end
</div>
