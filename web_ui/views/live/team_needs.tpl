% matters = team.needs(picture, L)
% if matters:
<ul class="matters">
% for matter in matters:
  <li class="{{'grave' if matter.grave else ''}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{'alert' if matter.grave else 'info'}}"></use></svg><span>{{matter.text}}</span></li>
% end
</ul>
% else:
<p class="all-well"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{_('Nobody needs you right now.')}}</p>
% end
