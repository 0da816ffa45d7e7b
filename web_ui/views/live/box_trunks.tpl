% trunks = view.sip_trunks(picture)
% if not trunks:
<p class="empty">{{_('No SIP trunk is set up.')}}</p>
% end
% for trunk in trunks:
<div class="part" data-key="t{{trunk['name']}}">
  <div class="row apart"><h3>{{trunk['name']}}</h3>
% include('live/state.tpl', state='up' if trunk.get('up') else 'down', icon='check' if trunk.get('up') else 'alert', word=_('up') if trunk.get('up') else _('down'))
  </div>
% include('box_facts.tpl', facts=view.trunk_facts(trunk, L))
% failure = view.failure(trunk, L)
% if failure:
  <p><strong>{{_('Last refusal')}}:</strong> {{failure[0]}}</p>
  <p>{{failure[1]}} <span class="hint">{{failure[2]}}</span></p>
% end
</div>
% end
