% rebase('base.tpl', title=_('Destinations'))
<div class="head"><h1>{{_('Destinations')}}</h1></div>
<p class="intro">{{_('Colleagues and partners outside the box to whom agents, and key 2 of a message, may hand a call. Contacts and emergency numbers are never destinations.')}}</p>
% if destinations:
<div class="card flush scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Destinations'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col">{{_('Number')}}</th><th scope="col"><span class="sr">{{_('Actions')}}</span></th></tr></thead>
  <tbody>
% for each in destinations:
  <tr><th scope="row">{{each['name']}}</th><td class="number">{{L.phone(each['number'])}}</td><td><form method="post" action="/destinations/{{each['id']}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Remove')}}: {{each['name']}}">{{_('Remove')}}</button></form></td></tr>
% end
  </tbody>
</table></div>
% else:
<section class="card blank"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#destinations"></use></svg><p>{{_('No destinations yet.')}}</p></section>
% end
<section class="card form" aria-labelledby="new-title">
  <h2 id="new-title">{{_('Add a destination')}}</h2>
  <form method="post" action="/destinations" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="new-name">{{_('Name')}}</label><input id="new-name" name="name" maxlength="80" required></div>
    <div class="field"><label for="new-number">{{_('Telephone number')}}</label><input id="new-number" name="number" type="tel" maxlength="40" required></div>
    <button>{{_('Save')}}</button>
  </form>
</section>
