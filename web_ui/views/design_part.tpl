<h2 id="d-{{key}}">{{title}}</h2>
<p class="intro">{{rule}}</p>
% if get('names', ()):
<p class="row small-text gap-bottom">\\
% for name in names:
<code class="tag">{{name}}</code>\\
% end
</p>
% end
