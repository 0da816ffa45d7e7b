<nav class="row gap-bottom" aria-label="{{_('Prepared texts')}}">
% for path, text, name in (('/scripts', _('Scripts'), 'scripts'), ('/snippets', _('Prepared answers'), 'snippets')):
  <a class="button small" href="{{path}}"{{' aria-current=page' if name == tab else ''}}>{{text}}</a>
% end
</nav>
