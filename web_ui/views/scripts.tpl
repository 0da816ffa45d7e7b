% rebase('base.tpl', title=_('Scripts'))
<div class="head"><h1>{{_('Scripts')}}</h1><a class="button primary" href="/scripts/new"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#plus"></use></svg>{{_('Write a script')}}</a></div>
% include('script_tabs.tpl', tab='scripts')
<p class="intro">{{_('What agents read aloud and ask in a call, step by step. A step without a text is a plain form. A campaign’s page says which script its desk shows.')}}</p>
% if scripts:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col" class="figure">{{_('Steps')}}</th><th scope="col" class="figure">{{_('Version')}}</th><th scope="col">{{_('Saved')}}</th><th scope="col">{{_('Campaigns')}}</th></tr></thead>
  <tbody>
% for each in scripts:
  <tr><th scope="row"><a href="/scripts/{{each['id']}}">{{each['name']}}</a></th><td class="figure">{{L.number(each['steps'])}}</td><td class="figure">{{L.number(each['version'])}}</td><td>{{L.moment(each['made_at'])}}{{', ' + each['made_by'] if each['made_by'] else ''}}</td><td>{{', '.join(each['campaigns']) or '–'}}</td></tr>
% end
  </tbody>
</table></div>
% else:
<p class="empty">{{_('No script yet.')}}</p>
% end
