% rebase('base.tpl', title=_('Rules'))
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a></p><h1>{{_('Rules')}}</h1>
  <a class="button primary" href="/campaigns/{{campaign.id}}/rules/new">{{_('New rule')}}</a></div>
<p class="intro">{{_('Rules are asked from top to bottom, before each call and after it. They can hold a call back, move a contact or note something; what the law or a DNC list forbids no rule can allow.')}}</p>
% include('said.tpl')
<section class="card" aria-labelledby="rules-title"><h2 id="rules-title">{{_('In force')}}</h2>
% if not rules:
  <p class="empty">{{_('No rule yet. An example: after a call, if the result is “busy”, call the contact’s other number next.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table, scrolls sideways')}}"><table class="rows">
    <thead><tr><th scope="col">{{_('Rule')}}</th><th scope="col">{{_('When')}}</th><th scope="col">{{_('What happens')}}</th><th scope="col"><span class="sr">{{_('Change')}}</span></th></tr></thead>
    <tbody>
% for at, rule in enumerate(rules):
% moment = forms.MOMENTS[rule['moment']]
    <tr><th scope="row"><a href="/campaigns/{{campaign.id}}/rules/{{at}}">{{rule['name']}}</a>
% if not rule['active']:
      <span class="tag">{{_('off')}}</span>
% end
    </th><td>{{_(moment)}}: {{forms.in_words(rule['when'], L)}}</td>
    <td>\\
% for action in rule['then']:
<span class="line">{{forms.action_words(action, lists, L)}}</span>\\
% end
</td>
    <td><form method="post" class="row"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="version" value="{{version}}">
      <button class="small" formaction="/campaigns/{{campaign.id}}/rules/{{at}}/up"{{' disabled' if at == 0 else ''}} aria-label="{{_('Move {name} up', name=rule['name'])}}">↑</button>
      <button class="small" formaction="/campaigns/{{campaign.id}}/rules/{{at}}/down"{{' disabled' if at == len(rules) - 1 else ''}} aria-label="{{_('Move {name} down', name=rule['name'])}}">↓</button>
      <button class="small" formaction="/campaigns/{{campaign.id}}/rules/{{at}}/switch">{{_('Switch off') if rule['active'] else _('Switch on')}}</button>
      <button class="small danger" formaction="/campaigns/{{campaign.id}}/rules/{{at}}/delete" aria-label="{{_('Delete {name}', name=rule['name'])}}">{{_('Delete')}}</button>
    </form></td></tr>
% end
    </tbody></table></div>
% end
</section>
<section class="card" aria-labelledby="try-title"><h2 id="try-title">{{_('What would happen?')}}</h2>
  <p class="hint gap-bottom">{{_('Nothing is changed and nobody is called.')}}</p>
  <form method="post" action="/campaigns/{{campaign.id}}/rules/try" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="field"><label for="f-number">{{_('Telephone number')}}</label><input id="f-number" name="number" value="{{visit.text('number', 40)}}" type="tel" autocomplete="off" required></div>
    <div class="field"><label for="f-after">{{_('When')}}</label><select id="f-after" name="after"><option value="">{{_('Before a call')}}</option><option value="1"{{' selected' if visit.text('after') else ''}}>{{_('After a call')}}</option></select></div>
    <div class="field"><label for="f-disposition">{{_('Result')}}</label><select id="f-disposition" name="disposition"><option value="">{{_('any')}}</option>
% for key, text in words.DISPOSITIONS.items():
      <option value="{{key}}"{{' selected' if visit.text('disposition') == key else ''}}>{{_(text)}}</option>
% end
    </select></div>
    <button>{{_('Try')}}</button>
  </form>
% if told:
  <div class="note" role="status"><div>
% if not told['fired']:
    <p>{{_('No rule holds for this contact.')}}</p>
% end
% for fired in told['fired']:
    <p><strong>{{fired['rule']}}</strong>: \\
% for at, action in enumerate(fired['then']):
{{', ' if at else ''}}{{forms.action_words(action, lists, L)}}\\
% end
</p>
% end
% if told['held_back']:
    <p>{{_('The contact is not called now.')}}</p>
% end
  </div></div>
% end
</section>
