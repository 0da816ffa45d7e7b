% rebase('base.tpl', title=script['name'])
<div class="head">
  <p class="crumb"><a href="/scripts">{{_('Scripts')}}</a> › <a href="/scripts/{{script['id']}}">{{script['name']}}</a></p>
  <h1>{{_('Preview')}}</h1>
</div>
<form method="get" class="card form stack"><h2>{{_('A contact to try it with')}}</h2>
% for at, (column, value) in enumerate(typed.items()):
  <div class="field"><label for="c{{at}}">{{column}}</label><input id="c{{at}}" name="c{{at}}" value="{{value}}" maxlength="200"></div>
% end
  <div><button>{{_('Show')}}</button></div>
</form>
% for step in steps:
<section class="card stack" id="{{step['id']}}" tabindex="-1" aria-labelledby="h-{{step['id']}}"><h2 id="h-{{step['id']}}">{{step['heading']}}</h2>
% for part in step['text'].split('\n\n'):
% if part.strip():
  <p class="aloud lines">{{part.strip()}}</p>
% end
% end
% if step['fields']:
  <dl class="facts">
% for field in step['fields']:
% kind = kinds[field['kind']]
    <dt>{{field['label']}}{{' ' + _('(required)') if field['required'] else ''}}</dt><dd>{{_(kind)}}{{': ' + '; '.join(field['choices']) if field['choices'] else ''}}</dd>
% end
  </dl>
% end
  <p class="row">
% for n, branch in enumerate(step['branches'], 1):
    <a class="button small" href="#{{branch['go'] if branch['go'] in headings else 'the-end'}}"><kbd>{{n}}</kbd> {{branch['label']}} → {{headings.get(branch['go']) or _('the end')}}</a>
% end
% if not step['branches']:
    <a class="button small" href="#{{step['next'] if step['next'] in headings else 'the-end'}}">→ {{headings.get(step['next']) or _('the end')}}</a>
% end
  </p>
</section>
% end
<p class="muted" id="the-end" tabindex="-1">{{_('The script has come to its end. Choose a result.')}}</p>
