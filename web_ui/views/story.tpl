% rebase('base.tpl', title=_('Story of the call'))
<div class="head">
% if may('campaigns'):
  <p class="crumb"><a href="/campaigns/{{story['campaign_id']}}">{{_('Campaign')}}</a> › <a href="/attempts/{{story['uid']}}">{{_('Attempt')}}</a></p>
% end
  <h1>{{_('Story of the call')}}</h1>
  <a class="button" href="/attempts/{{story['uid']}}/story.zip"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Download')}}</a>
</div>
<p class="intro">{{_('{number}, {moment}. Who sent what and when; “explain” says what it means.', number=L.phone(story['number']), moment=L.moment(story['started_at']))}}</p>
% if not story['kept']:
<div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('The single messages of this call are no longer remembered: the box keeps those of the last calls until it restarts. What the books say is below.')}}</p></div>
% end
<section class="card" aria-labelledby="steps-title">
  <h2 id="steps-title">{{_('Step by step')}}</h2>
  <ol class="story spelt">
% for step in steps:
    <li><time>{{L.time(step.at)}}<span class="muted"> +{{L.number(round(step.after_s, 2))}} s</span></time>
      <div><strong>{{step.by}}</strong> {{step.text}}
% if step.explain:
        <details><summary>{{_('explain')}}</summary><p class="hint">{{step.explain}}</p></details>
% end
      </div></li>
% end
  </ol>
% if story['dropped']:
  <p class="hint">{{_('{count} further steps found no room.', count=L.number(story['dropped']))}}</p>
% end
</section>
% if story['lines']:
<section class="card" aria-labelledby="lines-title">
  <h2 id="lines-title">{{_('Lines of the journal')}}</h2>
  <ol class="story spelt">
% for line in story['lines']:
    <li><time>{{L.time(line['at'])}}</time> <code class="long">{{line['text']}}</code></li>
% end
  </ol>
</section>
% end
