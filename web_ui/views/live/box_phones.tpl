% if not picture.phones:
<p class="empty">{{_('No telephone is set up. Each agent gets one on the page “People”.')}}</p>
% end
% for phone in picture.phones.values():
<div class="part" data-key="f{{phone['name']}}">
  <div class="row apart"><h3>{{phone['name']}}</h3>
% include('live/state.tpl', state='up' if phone.get('registered') else 'down', icon='phone' if phone.get('registered') else 'phone-off', word=_('registered') if phone.get('registered') else _('away'))
  </div>
% include('box_facts.tpl', facts=view.phone_facts(phone, L))
</div>
% end
