% rebase('base.tpl', title=_('One person'))
<div class="head"><p class="crumb"><a href="/privacy">{{_('Privacy')}}</a></p><h1>{{L.phone(number)}}</h1>
% for kind, label in (('json', 'JSON'), ('pdf', _('PDF'))):
  <form method="post" action="/privacy/person.{{kind}}"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="number" value="{{number}}"><button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{label}}</button></form>
% end
</div>
<div class="dashboard">
<section class="card half" aria-labelledby="stored-title"><h2 id="stored-title">{{_('What is stored')}}</h2>
% if not kinds:
  <p class="empty">{{_('Nothing is stored about this number.')}}</p>
% else:
  <dl class="facts">
% for key, count in kinds.items():
    <dt>{{words.word(names.KINDS, key, L)}}</dt><dd>{{L.number(count)}}</dd>
% end
  </dl>
% end
</section>
<section class="card half" aria-labelledby="erase-title"><h2 id="erase-title">{{_('Erase')}}</h2>
  <p>{{_('Contacts, notes, recordings and messages are deleted and cannot be brought back. What the law wants as proof is kept under a pseudonym; the page Privacy then says what and why.')}}</p>
  <form method="post" action="/privacy/erase" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="number" value="{{number}}">
% include('field.tpl', name='why', label=_('On what request'), value='', errors={}, hint=_('For example: letter of 3 May. No name, please.'), more={'maxlength': 200})
    <label class="tick"><input type="checkbox" name="block" value="1" checked><span>{{_('Put the number on the opt-outs if no DNC list has it, so that it is never called again')}}</span></label>
    <p><button class="danger">{{_('Erase this number')}}</button></p>
  </form>
</section>
</div>
