% rebase('base.tpl', title=_('What the words mean'))
<div class="head"><h1>{{_('What the words mean')}}</h1></div>
<section class="card form"><dl class="meanings">
% for key, each in sorted(terms.items(), key=lambda item: _(item[1].name).lower()):
  <div id="{{key}}"><dt>{{_(each.name)}}</dt><dd>{{_(each.meaning)}}</dd></div>
% end
</dl></section>
