% rebase('base.tpl', title=_('Dashboard'), scripts=['live.js'])
<div class="head">
  <h1>{{_('Dashboard')}}</h1>
  <p class="as-of muted" id="as-of" data-label="{{_('as of')}}">{{_('as of')}} <time>{{L.time(picture.at) if picture.at else '–'}}</time></p>
</div>
<form id="act" method="post"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="back" value="dashboard"></form>
<div data-live="/live/dashboard" class="dashboard">
% if steps is not None and may('campaigns_change'):
  <section class="card start" aria-labelledby="start-title">
    <h2 id="start-title">{{_('Three steps to the first call')}}</h2>
    <ol class="steps">
      <li class="{{'done' if steps['people'] else ''}}"><div><strong>{{_('Add your agents')}}</strong><p>{{_('Each gets a login for the desk and the credentials of a phone.')}}</p></div>\\
% if may('people'):
<a class="button" href="/users/new">{{_('Add a person')}}</a>\\
% end
</li>
      <li class="{{'done' if steps['lists'] else ''}}"><div><strong>{{_('Upload a contact list')}}</strong><p>{{_('A CSV file as a spreadsheet saves it; every row is checked.')}}</p></div><a class="button" href="/lists/new">{{_('Upload a list')}}</a></li>
      <li><div><strong>{{_('Create a campaign')}}</strong><p>{{_('Who calls whom, and at which hours.')}}</p></div><a class="button" href="/wizard">{{_('New campaign')}}</a></li>
    </ol>
  </section>
% end
  <section data-region="tiles" class="tiles" aria-label="{{_('Figures')}}">
% include('live/tiles.tpl')
  </section>
  <div class="side">
  <section class="card" aria-labelledby="needs-title">
    <h2 id="needs-title">{{_('Needs you')}}</h2>
    <div data-region="needs">
% include('live/needs.tpl')
    </div>
  </section>
  <section class="card" aria-labelledby="trunks-title">
    <h2 id="trunks-title">{{_('Trunks')}}</h2>
    <div data-region="trunks">
% include('live/trunks.tpl')
    </div>
  </section>
  </div>
  <section class="card main-part" aria-labelledby="campaigns-title">
    <h2 id="campaigns-title">{{_('Campaigns')}}</h2>
    <div data-region="campaigns">
% include('live/campaigns.tpl')
    </div>
  </section>
% if picture.queues:
  <section class="card main-part" aria-labelledby="queues-title">
    <h2 id="queues-title">{{_('Queues')}}</h2>
    <div data-region="queues" class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}">
% include('live/queues.tpl')
    </div>
  </section>
% end
  <section class="card half" aria-labelledby="agents-title">
    <h2 id="agents-title">{{_('Agents')}}</h2>
    <div data-region="agents" class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Agents'))}}">
% include('live/agents.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="calls-title">
    <h2 id="calls-title">{{_('Calls in progress')}}</h2>
    <div data-region="calls" class="scroll">
% include('live/calls.tpl')
    </div>
  </section>
</div>
