% rebase('base.tpl', title=department.name)
<div class="head"><p class="crumb"><a href="/departments">{{_('Departments')}}</a></p><h1>{{department.name}}</h1></div>
<section class="card form">
  <h2>{{_('People')}}</h2>
% if people:
  <ul>
% for each in people:
    <li><a href="/users/{{each.id}}">{{each.name}}</a> <span class="muted">{{words.roles(each.roles, L)}}</span></li>
% end
  </ul>
% else:
  <p>{{_('Nobody yet. To which departments somebody belongs stands on their own page.')}}</p>
% end
</section>
<section class="card form">
  <form method="post" action="/departments/{{department.id}}" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='name', label=_('Name'), value=department.name, more={'required': '', 'maxlength': '80', 'autocomplete': 'off'})
    <p class="hint">{{_('Ticked is what belongs to this department; what is not belongs to the whole box. Things of other departments are not listed here. A campaign takes its calls along, a contact list its contacts.')}}</p>
% for kind, known in things.items():
% if known:
    <fieldset class="field"><legend>{{_(kinds[kind])}}</legend>
% for key, name in known.items():
      <label class="tick"><input type="checkbox" name="{{kind}}" value="{{key}}"{{' checked' if (kind, key) in mine else ''}}><span>{{name}}</span></label>
% end
    </fieldset>
% end
% end
    <div class="row"><button class="primary">{{_('Save')}}</button><a class="button quiet" href="/departments">{{_('Cancel')}}</a><button class="danger" type="button" popovertarget="remove">{{_('Close the department')}}</button></div>
  </form>
% include('confirm.tpl', id='remove', question=_('Close {name}?', name=department.name), consequence=_('Only a department that nobody and nothing belongs to can be closed.'), action='/departments/%d/remove' % department.id, button=_('Close'))
</section>
