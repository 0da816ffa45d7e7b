% matters = panels.needs_me(picture, L)
% if matters:
<ul class="matters">
% for matter in matters:
  <li class="{{'grave' if matter.grave else ''}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{'alert' if matter.grave else 'info'}}"></use></svg><span>{{matter.text}}</span>
% if matter.path and may('campaigns'):
  <a href="{{matter.path}}">{{_('Have a look')}}</a>
% end
  </li>
% end
</ul>
% elif picture.version and picture.at:
<p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('All is well.')}}</p>
% else:
<p class="empty">{{_('Waiting for the telephone service.')}}</p>
% end
