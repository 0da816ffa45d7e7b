% rebase('base.tpl', title=_('Team'), scripts=['live.js'])
<div class="head">
  <h1>{{_('Team')}}</h1>
  <p class="as-of muted" id="as-of" data-label="{{_('as of')}}">{{_('as of')}} <time>{{L.time(picture.at) if picture.at else '–'}}</time></p>
</div>
<form id="act" method="post"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="back" value="team"></form>
<div data-live="/live/team" class="team-live">
  <section class="card" aria-labelledby="needs-title">
    <h2 id="needs-title">{{_('Needs you')}}</h2>
    <div data-region="team_needs" aria-live="polite">
% include('live/team_needs.tpl')
    </div>
  </section>
  <section class="card" aria-labelledby="agents-title">
    <h2 id="agents-title">{{_('Agents')}}</h2>
    <div data-region="team_agents" class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Agents'))}}">
% include('live/team_agents.tpl')
    </div>
  </section>
  <section class="card" aria-labelledby="campaigns-title">
    <h2 id="campaigns-title">{{_('Campaigns')}}</h2>
    <div data-region="campaigns">
% include('live/campaigns.tpl')
    </div>
  </section>
</div>
<section class="card" aria-labelledby="message-title">
  <h2 id="message-title">{{_('Write to a desk')}}</h2>
  <form method="post" action="/team/message" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="message-to">{{_('Agent')}}</label><select id="message-to" name="agent">
% for agent in panels.agents(picture):
      <option value="{{agent['id']}}">{{agent.get('name', '')}}</option>
% end
    </select></div>
    <div class="field"><label for="message-text">{{_('Message to the desk')}}</label><input id="message-text" name="text" maxlength="500" required></div>
    <button>{{_('Send')}}</button>
  </form>
</section>
% if rules:
<section class="card" aria-labelledby="rules-title">
  <h2 id="rules-title">{{_('Taking part in calls')}}</h2>
  <p class="intro">{{_('Who took part in which call, when and for how long, is kept on record in any case.')}}</p>
  <form method="post" action="/team/rules" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <label class="tick"><input type="checkbox" name="allowed" value="1"{{' checked' if rules.get('allowed') else ''}}><span>{{_('Supervisors may listen, whisper and barge in')}}</span></label>
    <label class="tick"><input type="checkbox" name="announced" value="1"{{' checked' if rules.get('announced') else ''}}><span>{{_('Agents hear a tone and see it on their desk')}}</span></label>
    <button>{{_('Save')}}</button>
  </form>
</section>
% end
