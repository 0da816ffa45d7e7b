% rebase('base.tpl', title=_('Consent'))
<div class="head"><p class="crumb"><a href="/permits">{{_('Permits')}}</a></p><h1>{{_('Consent')}} \\
% include('term.tpl', key='consent')
</h1></div>
<p class="intro">{{_('Who agreed to be called for what, in which words, when, and what proves it. Records are only ever added; a withdrawal is kept beside the record it ends.')}}</p>
<div class="card form"><form method="get" action="/consent" class="row align-end" role="search">
  <div class="field grow"><label for="q-number">{{_('Number')}}</label><div class="control"><input id="q-number" name="number" type="search" inputmode="tel" maxlength="40" required value="{{typed['number']}}"></div></div>
  <button class="primary">{{_('Look up')}}</button>
</form></div>
% if told:
<section class="card" aria-labelledby="kept-title"><h2 id="kept-title">{{_('On record for {number}', number=L.phone(told['number']))}}</h2>
% if not told['consents']:
  <p class="empty">{{_('Nothing yet. A campaign that needs consent does not call this number.')}}</p>
% end
% for kept in told['consents']:
% one = kept['consent']
  <div class="campaign">
    <div class="row apart"><strong>{{names.word(names.PURPOSES, one['purpose'], L)}}</strong>
% if kept['withdrawn_at'] is None:
    <form method="post" action="/consent/{{one['id']}}/withdraw" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="back" value="{{told['number']}}"><button class="small danger" aria-label="{{_('Withdraw record {number}', number=one['id'])}}">{{_('Withdraw')}}</button></form>
% else:
    <span class="tag">{{_('withdrawn {moment}', moment=L.moment(kept['withdrawn_at']))}}</span>
% end
    </div>
    <p>{{_('“{wording}”', wording=one['wording'])}}</p>
    <dl class="facts">
      <dt>{{_('Given')}}</dt><dd>{{L.moment(one['given_at'])}}</dd>
% if one['until'] is not None:
      <dt>{{_('Until')}}</dt><dd>{{L.moment(one['until'])}}</dd>
% end
      <dt>{{_('Source')}}</dt><dd>{{one['source']}}</dd>
% if one['proof']:
      <dt>{{_('Proof')}}</dt><dd>{{one['proof']}}</dd>
% end
      <dt>{{_('Recorded')}}</dt><dd>{{L.moment(kept['recorded_at'])}} {{kept['recorded_by']}}</dd>
    </dl>
  </div>
% end
</section>
% end
<section class="card form" aria-labelledby="new-title"><h2 id="new-title">{{_('Keep a record')}}</h2>
  <form method="post" action="/consent" class="stack" novalidate><input type="hidden" name="csrf" value="{{visit.csrf}}">
  <div class="grid">
% include('field.tpl', name='number', label=_('Number'), value=typed['number'], more={'maxlength': '40', 'inputmode': 'tel', 'required': ''})
  <div class="field"><label for="f-purpose">{{_('Agreed to')}}</label><select id="f-purpose" name="purpose">
% for key, text in names.PURPOSES.items():
% if key != 'automated_service':
    <option value="{{key}}"{{' selected' if (typed['purpose'] or 'sales') == key else ''}}>{{_(text)}}</option>
% end
% end
  </select></div>
% include('field.tpl', name='source', label=_('Source'), value=typed['source'], hint=_('Where it was given: a form, a call, a contract.'), more={'maxlength': '200', 'required': ''})
% include('field.tpl', name='proof', label=_('Proof'), value=typed['proof'], hint=_('The file or folder where it lies, if there is one.'), more={'maxlength': '200'})
% include('field.tpl', name='given_on', label=_('Given on'), value=typed['given_on'], type='date', hint=_('Empty: just now.'))
% include('field.tpl', name='until_on', label=_('Until'), value=typed['until_on'], type='date', hint=_('Empty: until withdrawn.'))
  </div>
  <div class="field"><label for="f-wording">{{_('What the person agreed to, word for word')}}</label><textarea id="f-wording" name="wording" rows="3" maxlength="2000" required{{' aria-invalid=true' if errors.get('wording') else ''}}>{{typed['wording']}}</textarea>
% if errors.get('wording'):
  <p class="mistake">{{errors['wording']}}</p>
% end
  </div>
  <div><button class="primary">{{_('Keep it')}}</button></div>
  </form>
</section>
