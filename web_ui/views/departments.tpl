% rebase('base.tpl', title=_('Departments'))
<div class="head"><p class="crumb"><a href="/users">{{_('People')}}</a></p><h1>{{_('Departments')}}</h1></div>
<p class="intro">{{_('People of a department see its campaigns, contact lists, calls and figures, and nothing of other departments. Whoever belongs to none belongs to the whole box and sees everything; so do administrators and technicians. Call windows, DNC lists of the whole box and all other dialling rules hold for everybody.')}}</p>
% if departments:
<div class="card flush scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Departments'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col" class="number">{{_('People')}}</th><th scope="col" class="number">{{_('Things')}}</th></tr></thead>
  <tbody>
% for each in departments:
  <tr><th scope="row"><a href="/departments/{{each.id}}">{{each.name}}</a></th><td class="number">{{L.number(each.people)}}</td><td class="number">{{L.number(each.things)}}</td></tr>
% end
  </tbody>
</table></div>
% end
% include('mistakes.tpl')
<section class="card form" aria-labelledby="new-title">
  <h2 id="new-title">{{_('Add a department')}}</h2>
  <form method="post" action="/departments" class="stack">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='name', label=_('Name'), value=typed['name'], more={'required': '', 'maxlength': '80', 'autocomplete': 'off'})
    <div><button class="primary">{{_('Add')}}</button></div>
  </form>
</section>
