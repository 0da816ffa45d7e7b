% result = forecast.get('result')
<form method="post" action="/campaigns/{{campaign.id}}/forecast" class="form" id="assume" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="back" value="{{get('back', '')}}">
% if result:
  <details class="more"><summary>{{_('Change what is assumed')}}</summary>
  <div class="grid">
% for each in view.assumptions(result, L):
% include('field.tpl', name='a-' + each.name, label=each.label, value=each.value, unit=each.unit, hint=(each.hint + ' ' + each.source).strip(), more={'autocomplete': 'off', 'class': 'short' if each.name != 'hourly' else ''})
% end
  </div>
  </details>
% end
  <div class="row gap-top no-print"><button name="go" value="{{'again'}}">{{_('Work it out again') if result else _('Work out the forecast')}}</button>
% if forecast.get('state') == 'running':
  <button class="quiet" name="go" value="{{'cancel'}}">{{_('Give it up')}}</button>
% end
  </div>
</form>
