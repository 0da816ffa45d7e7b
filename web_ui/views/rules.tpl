% rebase('base.tpl', title=_('Rules and their sources'))
<div class="head"><p class="crumb"><a href="/permits">{{_('Permits')}}</a></p><h1>{{_('Rules and their sources')}}</h1></div>
<p class="intro">{{_('A campaign keeps the rules of its pack and, for numbers of another country here, of both. It may be stricter, never looser. This is no legal advice: have your pack confirmed by your own counsel, above all what is marked.')}}</p>
<nav class="row" aria-label="{{_('Rule packs')}}">
% for each in packs:
  <a class="button{{' primary' if each['name'] == pack['name'] else ''}}" href="/rules?pack={{each['name']}}"{{' aria-current=page' if each['name'] == pack['name'] else ''}}>{{names.word(names.PACKS, each['name'], L)}}</a>
% end
</nav>
<section class="card gap-top" aria-labelledby="pack-title"><h2 id="pack-title">{{names.word(names.PACKS, pack['name'], L)}} <span class="muted">{{_('version {version}', version=pack['version'])}}</span></h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows stacked" role="table">
  <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{{_('Rule')}}</th><th scope="col" role="columnheader">{{_('Value')}}</th><th scope="col" role="columnheader">{{_('Source')}}</th><th scope="col" role="columnheader">{{_('As of')}}</th></tr></thead>
  <tbody role="rowgroup">
% for row in rows:
  <tr role="row"><th scope="row" role="rowheader">{{row.name}}</th><td role="cell">\\
% for value in row.values:
<span class="line">{{value}}</span>\\
% end
</td><td role="cell"><span lang="en">{{row.source}}</span>\\
% if row.standing != 'confirmed':
 <span class="tag">{{names.word(names.STANDINGS, row.standing, L)}}</span>\\
% end
</td><td role="cell">{{row.as_of}}</td></tr>
% end
  </tbody></table></div>
</section>
