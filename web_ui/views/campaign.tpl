% rebase('base.tpl', title=campaign.settings.name, scripts=['live.js'])
% s = campaign.settings
<div data-live="/live/campaigns/{{campaign.id}}">
<div class="head">
  <p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a></p>
  <h1>{{s.name}}</h1>
  <div class="row" data-region="campaign_state">
% include('live/campaign_state.tpl')
  </div>
% if live.get('state') == 'draft' and may('campaigns_change'):
  <a class="button" href="/wizard/{{campaign.id}}">{{_('Go on in the assistant')}}</a>
% end
</div>
<form id="act" method="post"><input type="hidden" name="csrf" value="{{visit.csrf}}"></form>
% agents = L.listing([names.get(i, '?') for i in s.agent_ids]) or _('nobody yet')
% include('confirm.tpl', id='start', question=_('Start this campaign?'), consequence=_('{count} contacts are open. Calls go to: {agents}. Whoever starts a campaign answers for keeping the law in it: consent, purpose and announcements no box can judge. Your name is put on record: {name}.', count=L.number(panels.number(live, 'open')), agents=agents, name=visit.person.name if visit.person else ''), action='/campaigns/%d/start' % campaign.id, button=_('Start dialling'), look='primary')
% include('confirm.tpl', id='stop', question=_('Stop this campaign?'), consequence=_('No further call is placed; calls under way go on to their end. You can start it again later.'), action='/campaigns/%d/stop' % campaign.id, button=_('Stop'))
% if live.get('state') == 'stopped' and campaign.ended_why == 'last_day':
<p class="note" role="status">{{_('This campaign stopped by itself: its last day was {day}. Set a later one to start it again.', day=term_words.day(s.last_day, L))}}</p>
% end
<div class="dashboard">
  <section class="card seven" aria-labelledby="progress-title">
    <h2 id="progress-title">{{_('Progress')}}</h2>
    <div data-region="campaign_figures">
% include('live/campaign_figures.tpl')
    </div>
    <div class="gap-top">
% include('advice.tpl')
    <p class="row">\\
% if may('campaigns_change'):
<a class="button small" href="/campaigns/{{campaign.id}}/forecast">{{_('Forecast')}}</a>\\
% end
<a class="button small" href="/campaigns/{{campaign.id}}/pacing">{{_('Decisions of pacing')}}</a></p>
    </div>
  </section>
  <section class="card five" aria-labelledby="settings-title">
    <div class="row apart"><h2 id="settings-title">{{_('Settings')}}</h2>\\
% if may('campaigns_change'):
<span class="row"><a class="button small" href="/campaigns/{{campaign.id}}/desk">{{_('What agents see')}}</a><a class="button small" href="/campaigns/{{campaign.id}}/edit">{{_('Edit')}}</a></span>\\
% end
</div>
    <dl class="facts">
      <dt>{{_('Contact list')}}</dt><dd>\\
% if s.contact_list_id in lists and not may('lists'):
{{lists[s.contact_list_id]}}\\
% elif s.contact_list_id in lists:
<a href="/lists/{{s.contact_list_id}}">{{lists[s.contact_list_id]}}</a>\\
% else:
{{_('none')}}\\
% end
</dd>
      <dt>{{_('Agents')}}</dt><dd>\\
% if not s.agent_ids:
{{agents}}\\
% end
% for agent in s.agent_ids:
% told = notices.get(agent)
<span class="line">{{names.get(agent, '?')}}\\
% if told and told.confirmed_at:
 <span class="muted">{{_('confirmed {moment}', moment=L.moment(told.confirmed_at))}}</span>\\
% elif told:
 <span class="muted">{{_('told {moment}, not confirmed yet', moment=L.moment(told.made_at))}}</span>\\
% end
</span>\\
% end
</dd>
      <dt>{{_('Dialling mode')}} \\
% include('term.tpl', key='mode')
</dt><dd>{{words.word(words.MODES, s.mode, L)}}</dd>
% if s.mode == 'agentless':
      <dt>{{_('When a person answers')}}</dt><dd>{{words.word(words.ON_PERSON, s.on_person, L)}}</dd>
% end
      <dt>{{_('Trunk')}}</dt><dd>{{s.trunk or _('any')}}{{', ' + L.phone(s.caller_id) if s.caller_id else ''}}</dd>
      <dt>{{_('Call windows')}} \\
% include('term.tpl', key='call_window')
</dt><dd>\\
% for days, hours in week:
<span class="line">{{days}} {{hours}}</span>\\
% end
</dd>
% if term_words.of(s, L):
      <dt>{{_('Term')}}</dt><dd>{{term_words.of(s, L)}}</dd>
% end
% if signed:
      <dt>{{_('Answers for the law')}}</dt><dd>{{signed['who']}}, {{L.moment(signed['at'])}} <span class="muted">{{signed['rules']}}</span></dd>
% end
      <dt>{{_('Attempts')}}</dt><dd>{{_('at most {count} per contact', count=L.number(s.max_attempts))}}</dd>
      <dt>{{_('DNC lists')}} \\
% include('term.tpl', key='dnc')
</dt><dd>{{L.listing([words.dnc_name(dnc.get(i, '?'), L) for i in sorted({1, *s.dnc_list_ids})])}}</dd>
      <dt>{{_('AMD')}} \\
% include('term.tpl', key='amd')
</dt><dd>{{_('on') if s.amd_enabled else _('off')}}</dd>
    </dl>
% if may('campaigns_change'):
    <p class="row"><a class="button small" href="/campaigns/{{campaign.id}}/order">{{_('Order of calls')}}</a> <a class="button small" href="/campaigns/{{campaign.id}}/rules">{{_('Rules')}}</a></p>
% end
% if live.get('state') == 'draft' and may('campaigns_change'):
    <p><button class="quiet small danger-text" type="button" popovertarget="delete"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#trash"></use></svg>{{_('Delete the draft')}}</button></p>
% include('confirm.tpl', id='delete', question=_('Delete this draft?'), consequence=_('Only the settings are deleted; the contact list stays.'), action='/campaigns/%d/delete' % campaign.id, button=_('Delete'))
% end
  </section>
  <section class="card" aria-labelledby="pacing-title">
    <h2 id="pacing-title">{{_('Last decisions')}} \\
% include('term.tpl', key='pacing')
</h2>
% if not decisions:
    <p class="empty">{{_('No decision yet. As soon as the campaign runs, every decision stands here with its figures.')}}</p>
% else:
    <div class="scroll"><table class="rows">
      <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col" class="figure">{{_('Calls started')}}</th><th scope="col">{{_('Reason')}}</th><th scope="col" class="figure wide-only">{{_('Risk of the next call')}}</th><th scope="col" class="figure wide-only">{{_('Risk allowed (theta)')}}</th></tr></thead>
      <tbody>
% for each in decisions:
      <tr><th scope="row">{{L.moment(each.at)}}</th><td class="figure">{{L.number(each.starts)}}</td><td>{{panels.decision_words(each.reason, each.figures, L)}}</td><td class="figure wide-only">{{L.percent(each.figures['risk']) if 'risk' in each.figures else ''}}</td><td class="figure wide-only">{{L.percent(each.figures['theta']) if 'theta' in each.figures else ''}}</td></tr>
% end
      </tbody>
    </table></div>
% end
  </section>
% promised, rows = callbacks
% if promised:
  <section class="card" aria-labelledby="callbacks-title">
    <h2 id="callbacks-title">{{_('Callbacks')}} <span class="muted">{{L.number(promised)}}</span></h2>
    <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Callbacks'))}}"><table class="rows">
      <thead><tr><th scope="col">{{_('Promised for')}}</th><th scope="col">{{_('Whom')}}</th><th scope="col">{{_('Whose')}}</th><th scope="col">{{_('State')}}</th></tr></thead>
      <tbody>
% for each in rows:
      <tr><th scope="row">\\
% if may('callbacks_all'):
<a href="/callbacks/{{each['id']}}">{{L.moment(each['promised_at'])}}</a>\\
% else:
{{L.moment(each['promised_at'])}}\\
% end
</th><td>{{each['name'] or L.phone(each['number']) or _('Contact deleted')}}</td><td>{{callback_words.whose(each, L)}}</td><td>{{words.word(callback_words.SHOWN, 'late' if each['late'] else each['state'], L)}}</td></tr>
% end
      </tbody>
    </table></div>
% if promised > len(rows) and may('callbacks_all'):
    <p><a href="/callbacks">{{_('All callbacks')}}</a></p>
% end
  </section>
% end
  <section class="card" aria-labelledby="attempts-title">
    <h2 id="attempts-title">{{_('Attempts')}} \\
% include('term.tpl', key='attempt')
</h2>
% if not attempts.rows:
    <p class="empty">{{_('No attempt yet. Once the campaign runs, every call stands here with its result and the permit that allowed it.')}}</p>
% else:
    <div class="scroll"><table class="rows">
      <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Contact')}}</th><th scope="col">{{_('Result')}}</th><th scope="col" class="wide-only">{{_('Verdict')}}</th><th scope="col" class="wide-only">{{_('Agent')}}</th><th scope="col" class="figure wide-only">{{_('Talked')}}</th></tr></thead>
      <tbody>
% for each in attempts.rows:
      <tr>
        <th scope="row"><a href="/attempts/{{each.uid}}">{{L.moment(each.started_at)}}</a></th>
        <td>{{each.name}} <span class="muted number {{'wide-only' if each.name else ''}}">{{L.phone(each.number)}}</span></td>
        <td>
% if each.disposition:
% include('live/state.tpl', state=str(each.disposition), icon='check' if each.disposition == 'contacted' else 'logged_out', word=words.word(words.DISPOSITIONS, each.disposition, L))
% else:
% include('live/state.tpl', state=str(each.state), icon='phone', word=words.word(words.ATTEMPT_STATES, each.state, L))
% end
        </td>
        <td class="wide-only">{{words.word(words.VERDICTS, (each.correction or each.verdict).label, L) if each.verdict else ''}}</td>
        <td class="wide-only">{{names.get(each.user_id, '') if each.user_id else ''}}</td>
        <td class="figure wide-only">{{timer(each.ended_at - each.talking_at) if each.talking_at and each.ended_at else ''}}</td>
      </tr>
% end
      </tbody>
    </table></div>
% include('pages.tpl', page=attempts, path='/campaigns/%d' % campaign.id, query='')
% end
  </section>
</div>
</div>
