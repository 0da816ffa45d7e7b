% if not connected:
<p class="note refused" role="status">{{_('The telephone service does not answer. What you see may be old.')}}</p>
% end
<ul class="wall-figures">
% for each in figures:
<li class="wall-figure {{each.state}}"><p class="wall-label">{{each.label}}</p><p class="wall-value">{{each.value}}</p>\\
% if each.target:
<p class="wall-target">{{each.target}}{{': ' + (_('reached') if each.state == 'good' else _('missed')) if each.state else ''}}</p>\\
% end
</li>
% end
</ul>
