% rebase('base.tpl', title=_('Campaigns'))
<div class="head"><h1>{{_('Campaigns')}} \\
% include('term.tpl', key='campaign')
</h1>\\
% if may('campaigns_change'):
<a class="button primary" href="/wizard"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#plus"></use></svg>{{_('New campaign')}}</a>\\
% end
</div>
% if not campaigns:
<div class="card blank">
  <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#campaigns"></use></svg>
  <h2>{{_('No campaign yet')}}</h2>
  <p>{{_('A campaign brings a contact list and your agents together: who is called, at which hours, and what happens when nobody answers.')}}</p>
% if may('campaigns_change'):
  <a class="button primary" href="/wizard">{{_('New campaign')}}</a>
% end
</div>
% else:
<div class="card flush scroll">
<table class="rows">
  <thead><tr><th scope="col">{{_('Campaign')}}</th><th scope="col">{{_('State')}}</th><th scope="col">{{_('Progress')}}</th><th scope="col" class="figure wide-only">{{_('Connect rate')}}</th><th scope="col" class="figure wide-only">{{_('Abandon rate')}}</th></tr></thead>
  <tbody>
% for each in campaigns:
% shown = panels.live_campaign(picture, each)
% done = panels.share(panels.number(shown, 'closed'), panels.number(shown, 'contacts'))
  <tr>
    <th scope="row"><a href="/campaigns/{{each.id}}">{{each.settings.name}}</a></th>
    <td>
% include('live/state.tpl', state=shown['state'], icon=shown['state'], word=words.word(words.CAMPAIGN_STATES, shown['state'], L))
    </td>
    <td class="progress-cell"><svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="1000" height="10"></rect><rect class="done" width="{{round(done * 1000)}}" height="10"></rect></svg><span class="muted">{{_('{closed} of {contacts}', closed=L.number(panels.number(shown, 'closed')), contacts=L.number(panels.number(shown, 'contacts')))}}</span></td>
    <td class="figure wide-only">{{L.percent(panels.share(panels.number(shown, 'live_answers'), panels.number(shown, 'attempts')))}}</td>
    <td class="figure wide-only">{{L.percent(panels.number(shown, 'abandon_rate'))}}</td>
  </tr>
% end
  </tbody>
</table>
</div>
% end
