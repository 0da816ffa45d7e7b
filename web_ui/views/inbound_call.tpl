% rebase('base.tpl', title=_('Incoming call'))
% number = names.number(call.caller, seen, L)
<div class="head"><p class="crumb"><a href="/calls/inbound">{{_('Incoming calls')}}</a></p><h1>{{_('Incoming call')}}: {{number}}</h1></div>
<div class="dashboard">
<section class="card half" aria-labelledby="call-title"><h2 id="call-title">{{_('What happened when')}}</h2>
  <dl class="facts">
    <dt>{{_('What became of it')}}</dt><dd>{{names.outcome({'outcome': call.outcome}, L)}}</dd>
% for text, at in ((_('Offered'), call.offered_at), (_('Picked up'), call.answered_at), (_('With an agent'), call.connected_at), (_('Handed on'), call.handed_at), (_('Ended'), call.ended_at)):
% if at:
    <dt>{{text}}</dt><dd>{{L.moment(at)}}</dd>
% end
% end
% if call.ended_by:
    <dt>{{_('Ended by')}}</dt><dd>{{words.word(words.SIDES, call.ended_by, L)}}</dd>
% end
  </dl>
</section>
<section class="card half" aria-labelledby="about-title"><h2 id="about-title">{{_('Result')}}</h2>
  <dl class="facts">
    <dt>{{_('Result')}}</dt><dd>{{code or (words.word(words.DISPOSITIONS, call.disposition, L) if call.disposition else _('No result'))}}</dd>
% if call.note and seen:
    <dt>{{_('Note')}}</dt><dd class="note-text">{{call.note}}</dd>
% end
% for text, value in ((_('Agent'), agents.get(call.user_id, '')), (_('Queue'), call.rule), (_('Campaign'), campaign.settings.name if campaign else ''), (_('Contact list'), listed), (_('Trunk'), call.trunk)):
% if value:
    <dt>{{text}}</dt><dd>{{value}}</dd>
% end
% end
    <dt>{{_('Number called')}}</dt><dd>{{L.phone(call.number_called) if call.number_called else '–'}}</dd>
  </dl>
% if call.promise_id:
  <p><a href="/callbacks/{{call.promise_id}}">{{_('Callback')}}</a></p>
% end
</section>
% if company.steps or company.monitors or company.tapes:
% include('attempt_company.tpl')
% end
</div>
