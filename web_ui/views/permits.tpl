% rebase('base.tpl', title=_('Permits'))
<div class="head"><h1>{{_('Permits')}} \\
% include('term.tpl', key='permit')
</h1><a class="button" href="/rules">{{_('Rules and their sources')}}</a></div>
<p class="intro">{{_('Every call rests on a permit that keeps why it was allowed. Each permit is sealed with the one before it, so that none can be changed or removed unnoticed.')}}</p>
<div class="dashboard">
<section class="card half" aria-labelledby="why-title"><h2 id="why-title">{{_('Why is somebody not called?')}}</h2>
  <form method="get" action="/why" class="row align-end" role="search">
% include('field.tpl', name='number', label=_('Number'), value='', type='search', errors={}, more={'maxlength': '40', 'inputmode': 'tel', 'required': ''}, width='grow')
    <button class="primary">{{_('Ask')}}</button>
  </form>
</section>
<section class="card half" aria-labelledby="person-title"><h2 id="person-title">{{_('Everything about one person')}}</h2>
  <form method="get" action="/permits/person.pdf" class="stack">
    <p class="hint">{{_('Consent, DNC lists and every call with its permit, as a PDF: for the person who asks, or for an authority.')}}</p>
    <div class="field"><label for="p-number">{{_('Number')}}</label><div class="control"><input id="p-number" name="number" type="search" inputmode="tel" maxlength="40" required value="{{typed}}"{{' aria-invalid=true' if errors.get('number') else ''}}></div>
% if errors.get('number'):
    <p class="mistake">{{errors['number']}}</p>
% end
    </div>
    <div><button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Make the PDF')}}</button></div>
  </form>
</section>
<section class="card" aria-labelledby="consent-title"><h2 id="consent-title">{{_('Consent')}}</h2>
  <p>{{_('What people agreed to stands on record, word for word.')}} \\
% if may('consents'):
<a href="/consent">{{_('Look up or add a record')}}</a>\\
% end
</p>
</section>
<section class="card" aria-labelledby="chain-title"><h2 id="chain-title">{{_('The chain of permits')}}</h2>
% if verdict is not None and not verdict['fault']:
  <p class="all-well" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{ngettext('{count} permit read. It is as it was written.', '{count} permits read. All are as they were written.', verdict['checked'])}}</p>
% elif verdict is not None:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><div><p>{{_(words.CHAIN_FAULTS.get(verdict['fault'], verdict['fault']))}}</p>
% if verdict['seq']:
    <p>{{_('First bad link: {number}. The {sound} before it are sound.', number=L.number(verdict['seq']), sound=L.number(verdict['checked']))}}
% if verdict['uid']:
    <a href="/attempts/{{verdict['uid']}}">{{verdict['uid']}}</a>
% end
    </p>
% end
  </div></div>
% end
% if not head['seq']:
  <p class="empty">{{_('No permit yet. The first call begins the chain.')}}</p>
% else:
  <dl class="facts"><dt>{{_('Permits')}}</dt><dd>{{L.number(head['seq'])}}</dd><dt>{{_('Head')}}</dt><dd><code>{{head['hash']}}</code></dd></dl>
  <p class="hint gap-top">{{_('Write the head down somewhere else from time to time: it proves later that nothing was cut off the end.')}}</p>
% end
  <form method="post" action="/permits/verify" class="row align-end gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='head', label=_('Head written down earlier (may be empty)'), value=noted, errors={}, more={'maxlength': '64', 'spellcheck': 'false', 'autocomplete': 'off'}, width='grow')
    <button>{{_('Read the whole chain')}}</button>
  </form>
</section>
</div>
