% rebase('base.tpl', title=_('Contact lists'))
<div class="head"><h1>{{_('Contact lists')}} \\
% include('term.tpl', key='contact_list')
</h1><a class="button primary" href="/lists/new"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#upload"></use></svg>{{_('Upload a list')}}</a></div>
% if not lists:
<div class="card blank">
  <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#lists"></use></svg>
  <h2>{{_('No contact list yet')}}</h2>
  <p>{{_('Upload a CSV or Excel file from your spreadsheet or customer system. Every number is checked, and rows that cannot be used come back as a file.')}}</p>
  <a class="button primary" href="/lists/new">{{_('Upload a list')}}</a>
</div>
% else:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Contact list')}}</th><th scope="col" class="figure">{{_('Contacts')}}</th><th scope="col" class="figure">{{_('Open')}}</th><th scope="col" class="figure wide-only">{{_('Closed')}}</th><th scope="col" class="wide-only">{{_('Uploaded')}}</th></tr></thead>
  <tbody>
% for each in lists:
  <tr><th scope="row"><a href="/lists/{{each.id}}">{{each.name}}</a></th><td class="figure">{{L.number(each.contacts)}}</td><td class="figure">{{L.number(each.open)}}</td><td class="figure wide-only">{{L.number(each.closed)}}</td><td class="wide-only">{{L.moment(each.created_at)}}</td></tr>
% end
  </tbody>
</table></div>
% end
