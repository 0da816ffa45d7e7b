% rebase('base.tpl', title=_('Wallboards'))
<div class="head"><h1>{{_('Wallboards')}}</h1></div>
<p class="intro">{{_('Large figures for a television. Whoever has the link sees them and nothing else; no figure is of one person.')}}</p>
% if link:
<section class="card" aria-labelledby="link-title"><h2 id="link-title">{{_('The link')}}</h2>
  <div class="note done"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><p>{{_('Open this link on the television. It is shown this once; a new one can be made at any time.')}}</p></div>
  <p><a href="{{link}}"><code class="long">{{link}}</code></a></p>
</section>
% end
<div class="dashboard">
<section class="card half" aria-labelledby="walls-title"><h2 id="walls-title">{{_('In use')}}</h2>
% if not walls:
  <p class="empty">{{_('None yet.')}}</p>
% else:
  <ul class="plain-list">
% for each in walls:
    <li class="row"><span><strong>{{each.name}}</strong> <span class="muted">{{', '.join(map(_, view.names(each.figures)))}}</span></span>
    <form method="post" action="/walls/{{each.id}}/revoke"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Revoke the link of “{name}”', name=each.name)}}">{{_('Revoke')}}</button></form></li>
% end
  </ul>
% end
</section>
<section class="card half" aria-labelledby="new-title"><h2 id="new-title">{{_('A new one')}}</h2>
  <form method="post" action="/walls" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="row align-end">
% include('field.tpl', name='name', label=_('Name'), value='', errors={}, more={'required': 'required', 'maxlength': 60})
    <div class="field"><label for="f-language">{{_('In')}}</label><select id="f-language" name="language">
% for code, text in languages_to_choose.items():
      <option value="{{code}}"{{' selected' if code == L.code else ''}}>{{text}}</option>
% end
    </select></div></div>
    <fieldset class="ticks"><legend>{{_('Four to six figures, with their targets if there are any')}}</legend>
% for key, kind in view.FIGURES.items():
      <div class="row apart"><label class="tick"><input type="checkbox" name="figure" value="{{key}}"{{' checked' if key in view.USUAL else ''}}><span>{{_(kind.name)}}</span></label>
      <label class="row"><span class="muted">{{_('at least') if kind.more_is_better else _('at most')}}{{' %' if kind.share else ''}}<span class="sr"> ({{_(kind.name)}})</span></span> <input class="short" name="target-{{key}}" inputmode="decimal" maxlength="9"></label></div>
% end
    </fieldset>
    <p><button class="primary">{{_('Make the link')}}</button></p>
  </form>
</section>
</div>
