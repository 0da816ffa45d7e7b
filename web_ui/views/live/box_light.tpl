% light = view.light(picture)
% if light == 'green':
<p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Green: everything works.')}}</p>
% else:
<p class="headline {{'mistake' if light == 'red' else ''}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg> {{_('Red: the box cannot do its work.') if light == 'red' else _('Amber: something needs a look.')}}</p>
<ul class="matters">
% if not picture.connected:
  <li class="grave"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><span>{{_('The telephone service does not answer.')}}</span></li>
% end
% for trunk in picture.trunks.values():
% if not trunk.get('up', True) and f"trunk:{trunk['name']}" not in picture.health:
  <li class="grave"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><span>{{_('Trunk {name} is down.', name=trunk['name'])}}</span></li>
% end
% end
% for check in picture.health.values():
% if not check.get('ok', True):
  <li class="grave"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><span>{{words.sentence(words.HEALTH, check.get('key'), check.get('figures'), L)}}</span></li>
% end
% end
</ul>
% end
