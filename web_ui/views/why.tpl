% rebase('base.tpl', title=_('Why is somebody not called?'))
<div class="head"><p class="crumb"><a href="/permits">{{_('Permits')}}</a></p><h1>{{_('Why is somebody not called?')}}</h1></div>
<div class="card form"><form method="get" action="/why" class="row align-end" role="search">
% include('field.tpl', name='number', label=_('Number'), value=typed, type='search', more={'maxlength': '40', 'inputmode': 'tel', 'required': ''}, width='grow')
  <button class="primary">{{_('Ask')}}</button>
</form></div>
% for at, each in enumerate(told['answers'] if told else ()):
<section class="card" aria-labelledby="a-{{at}}"><h2 id="a-{{at}}">{{each['name'] or L.phone(each['number'])}}</h2>
% if not each['blocks']:
  <p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Nothing stands in the way: it is this contact’s turn as soon as an agent and a line are free.')}}</p>
% else:
  <ul class="matters">
% for block in each['blocks']:
    <li><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><span>{{names.why(block, L)}}
% if block['until'] is not None:
      <span class="muted">{{_('until {moment}', moment=L.moment(block['until']))}}</span>
% end
    </span></li>
% end
  </ul>
% if each['callable_at'] is None:
  <p class="gap-top"><strong>{{_('Waiting alone does not help: something above must change first.')}}</strong></p>
% elif each['callable_at'] > told['now']:
  <p class="gap-top"><strong>{{_('May be called from {moment} on.', moment=L.moment(each['callable_at']))}}</strong></p>
% else:
  <p class="gap-top"><strong>{{_('No rule forbids the call now.')}}</strong></p>
% end
% end
  <dl class="facts gap-top">
    <dt>{{_('Number')}}</dt><dd class="number">{{L.phone(each['number'])}}</dd>
    <dt>{{_('Contact list')}}</dt><dd>\\
% if may('lists'):
<a href="/lists/{{each['list_id']}}">{{each['list']}}</a>\\
% else:
{{each['list']}}\\
% end
</dd>
% if each['campaign_id'] is not None:
    <dt>{{_('Campaign')}}</dt><dd><a href="/campaigns/{{each['campaign_id']}}">{{each['campaign']}}</a></dd>
% end
    <dt>{{_('Attempts so far')}}</dt><dd>{{L.number(each['attempts'])}}</dd>
    <dt>{{_('Time zone')}}</dt><dd>{{', '.join(each['zones'])}}</dd>
    <dt>{{_('Public holidays of')}}</dt><dd>{{', '.join(each['places']) or _('no place we have a table of')}}</dd>
    <dt>{{_('Rules')}}</dt><dd><a href="/rules?pack={{each['packs'].split(' ')[0]}}">{{each['packs']}}</a></dd>
  </dl>
</section>
% end
