% at = list(steps).index(step) + 1
% form = get('form_id', 'step')
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a></p><h1>{{campaign.settings.name if campaign else _('New campaign')}}</h1>
% if campaign:
  <p class="muted small-text">{{_('Draft. Everything you answered is saved; you can go on later.')}}</p>
% end
</div>
% if form:
<button form="{{form}}" class="sr" tabindex="-1" aria-hidden="true">{{_('Next')}}</button>
% end
<nav class="assistant" aria-label="{{_('Steps')}}">
  <p class="step-of">{{_('Step {number} of {count}', number=at, count=len(steps))}}<strong class="narrow-only" aria-hidden="true"> · {{_(steps[step])}}</strong></p>
  <ol class="wizard">
% for number, (key, label) in enumerate(steps.items(), 1):
  <li{{' aria-current=step' if key == step else ''}} class="{{'past' if number <= seen and key != step else ''}}"><span class="number" aria-hidden="true">{{number}}</span>\\
% if campaign and number <= seen and key != step and form:
<button form="{{form}}" name="go" value="{{key}}" class="quiet step-link" formnovalidate>{{_(label)}}</button>\\
% elif campaign and number <= seen and key != step:
<a class="step-link" href="{{path}}/{{key}}">{{_(label)}}</a>\\
% else:
<span class="step-name">{{_(label)}}</span>\\
% end
</li>
% end
  </ol>
</nav>
