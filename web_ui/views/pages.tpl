% if page.pages > 1:
<nav class="pages" aria-label="{{_('Pages')}}">
% if page.page > 1:
  <a class="button small" href="{{path}}?page={{page.page - 1}}{{query}}" rel="prev">{{_('Back')}}</a>
% else:
  <span></span>
% end
  <span class="muted">{{_('Page {page} of {pages}', page=L.number(page.page), pages=L.number(page.pages))}}</span>
% if page.page < page.pages:
  <a class="button small" href="{{path}}?page={{page.page + 1}}{{query}}" rel="next">{{_('Next')}}</a>
% else:
  <span></span>
% end
</nav>
% end
