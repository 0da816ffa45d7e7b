% name = words.dnc_name(dnc.name, L)
% rebase('base.tpl', title=_('History of “{name}”', name=name))
<div class="head"><p class="crumb"><a href="/dnc">{{_('DNC lists')}}</a> · <a href="/dnc/{{dnc.id}}">{{name}}</a></p><h1>{{_('History')}}</h1></div>
<p class="intro">{{_('Every change of the list. Nothing here can be changed or deleted; a permit names the version that was asked.')}}</p>
% if not changes.rows:
<div class="card blank"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#lists"></use></svg><h2>{{_('Nothing has happened yet')}}</h2><p>{{_('The list is as it was made.')}}</p></div>
% else:
<div class="card flush scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Version')}}</th><th scope="col">{{_('Time')}}</th><th scope="col">{{_('What happened')}}</th><th scope="col" class="figure">{{_('Numbers')}}</th><th scope="col">{{_('Who')}}</th><th scope="col">{{_('Source')}}</th><th scope="col">{{_('Reason')}}</th></tr></thead>
  <tbody>
% for each in changes.rows:
  <tr><th scope="row">{{L.number(each.version)}}</th><td>{{L.moment(each.at)}}</td><td>{{words.word(words.DNC_ACTS, each.act, L)}}</td><td class="figure">{{L.number(each.numbers)}}</td><td>{{each.who}}</td><td>{{words.word(words.SOURCES, each.source, L)}}</td><td>{{each.why}}</td></tr>
% end
  </tbody></table></div>
% include('pages.tpl', page=changes, path='/dnc/%d/history' % dnc.id, query='')
% end
