% rebase('base.tpl', title=_('Look up one number'))
<div class="head"><p class="crumb"><a href="/dnc">{{_('DNC lists')}}</a></p><h1>{{_('Look up one number')}}</h1></div>
<div class="card form"><form method="get" class="row align-end" role="search">
% include('field.tpl', name='number', label=_('Number'), value=asked, type='search', more={'maxlength': '40', 'inputmode': 'tel', 'required': ''}, width='grow')
  <button class="primary">{{_('Look up')}}</button>
</form></div>
% if told:
<section class="card" aria-labelledby="now-title"><h2 id="now-title">{{_('{number} now', number=L.phone(told['number']))}}</h2>
% if not told['lists']:
  <p class="empty">{{_('No list blocks this number.')}}</p>
% else:
  <p>{{_('Blocked by:')}}</p>
  <ul>
% for each in told['lists']:
    <li><a href="/dnc/{{each['id']}}">{{words.dnc_name(each['name'], L)}}</a></li>
% end
  </ul>
% end
</section>
<section class="card" aria-labelledby="past-title"><h2 id="past-title">{{_('All there ever was')}}</h2>
% if not told['events']:
  <p class="empty">{{_('No entry of this number was ever made. Registers are exchanged as a whole and are not in this record.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('DNC list')}}</th><th scope="col">{{_('What happened')}}</th><th scope="col">{{_('Until')}}</th><th scope="col">{{_('Who')}}</th><th scope="col">{{_('Source')}}</th><th scope="col">{{_('Reason')}}</th></tr></thead>
  <tbody>
% for each in told['events']:
  <tr><th scope="row">{{L.moment(each['at'])}}</th><td>{{words.dnc_name(each['list_name'], L)}}</td><td>{{words.word(words.DNC_ACTS, each['act'], L)}} {{each['prefix']}}</td><td>{{L.moment(each['expires_at']) if each['expires_at'] else ''}}</td><td>{{each['who']}}</td><td>{{words.word(words.SOURCES, each['source'], L)}}</td><td>{{each['why']}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
% end
