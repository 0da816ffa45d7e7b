% rebase('base.tpl', title=_('Prepared answers'))
<div class="head"><h1>{{_('Prepared answers')}}</h1><a class="button primary" href="/snippets/new"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#plus"></use></svg>{{_('Write an answer')}}</a></div>
% include('script_tabs.tpl', tab='snippets')
<p class="intro">{{_('Answers to questions people ask. Agents search them during a call and read them aloud.')}}</p>
<form method="get" class="row search" role="search"><div class="field"><label for="q">{{_('Search')}}</label><input id="q" name="q" type="search" value="{{search}}" maxlength="80"></div><button>{{_('Search')}}</button></form>
% if snippets:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Title')}}</th><th scope="col">{{_('Group')}}</th><th scope="col">{{_('Languages')}}</th><th scope="col">{{_('Campaigns')}}</th><th scope="col">{{_('Changed')}}</th></tr></thead>
  <tbody>
% for each in snippets:
  <tr><th scope="row"><a href="/snippets/{{each['id']}}">{{(each['title_de'] if L.code == 'de' else each['title_en']) or each['title_de'] or each['title_en']}}</a></th><td>{{each['part'] or '–'}}</td><td>{{' '.join(code for code, text in (('DE', each['text_de']), ('EN', each['text_en'])) if text)}}</td><td>{{', '.join(names.get(n, '?') for n in each['campaigns']) or _('all')}}</td><td>{{L.moment(each['changed_at'])}}{{', ' + each['changed_by'] if each['changed_by'] else ''}}</td></tr>
% end
  </tbody>
</table></div>
% else:
<p class="empty">{{_('Nothing was found.') if total else _('No prepared answer yet.')}}</p>
% end
