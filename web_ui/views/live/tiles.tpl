% for tile in panels.tiles(picture, L):
<div class="tile {{tile.state}}" data-key="{{tile.label}}"><p class="tile-label">{{tile.label}}</p><p class="tile-value">{{tile.value}}</p><p class="tile-target">{{tile.target}}</p></div>
% end
