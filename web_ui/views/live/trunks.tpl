% if not picture.trunks:
<p class="empty">{{_('No trunk is set up. Trunks are entered in the settings file of the box.')}}</p>
% end
% for trunk in picture.trunks.values():
% legs, lines = panels.number(trunk, 'legs'), panels.number(trunk, 'lines')
<div class="trunk" data-key="t{{trunk.get('name', '')}}">
  <div class="row"><strong>{{trunk.get('name', '')}}</strong>
% include('live/state.tpl', state='up' if trunk.get('up') else 'down', icon='check' if trunk.get('up') else 'alert', word=_('up') if trunk.get('up') else _('down'))
  </div>
  <svg class="bar thin" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="1000" height="10"></rect><rect class="done" width="{{round(min(1, panels.share(legs, lines)) * 1000)}}" height="10"></rect></svg>
  <p class="muted">{{_('{used} of {lines} lines in use', used=L.number(legs), lines=L.number(lines))}}</p>
</div>
% end
