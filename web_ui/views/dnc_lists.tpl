% rebase('base.tpl', title=_('DNC lists'))
<div class="head"><h1>{{_('DNC lists')}} \\
% include('term.tpl', key='dnc')
</h1><a class="button" href="/dnc/number"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#search"></use></svg>{{_('Look up one number')}}</a></div>
<p class="intro">{{_('Numbers on these lists are never dialled. The lists are asked again right before every single call.')}}</p>
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('DNC list')}}</th><th scope="col" class="figure">{{_('Numbers')}}</th><th scope="col" class="figure wide-only">{{_('Version')}}</th><th scope="col" class="wide-only">{{_('Created')}}</th></tr></thead>
  <tbody>
% for each in lists:
  <tr><th scope="row"><a href="/dnc/{{each.id}}">{{words.dnc_name(each.name, L)}}</a>
% age = ages.get(each.id)
% if age and age.too_old:
    <p class="mistake">{{_('This register is too old: load the newest copy.') if age.loaded_at else _('No register has been loaded yet.')}}</p>
% end
% if each.id == 1:
    <p class="hint">{{_('People who asked not to be called again. Always asked, by every campaign.')}}</p>
% end
  </th><td class="figure">{{L.number(each.entries + each.register_numbers)}}</td><td class="figure wide-only">{{L.number(each.version)}}</td><td class="wide-only">{{L.date(each.created_at) if each.created_at else ''}}</td></tr>
% end
  </tbody>
</table></div>
<div class="card form">
  <h2>{{_('New DNC list')}}</h2>
  <form method="post" action="/dnc" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='name', label=_('Name'), value=typed, more={'maxlength': '80', 'required': ''}, width='grow')
    <button>{{_('Create')}}</button>
  </form>
</div>
