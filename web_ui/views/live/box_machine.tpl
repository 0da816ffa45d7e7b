% if not picture.machine:
<p class="empty">{{_('Waiting for the telephone service.')}}</p>
% else:
<div class="parts">
% for title, facts in view.machine_facts(picture, L):
<div class="part"><h3>{{title}}</h3>
% include('box_facts.tpl', facts=facts)
</div>
% end
</div>
% end
