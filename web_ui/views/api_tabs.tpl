<nav class="row gap-bottom" aria-label="{{_('Other programs')}}">
% for path, text in (('/settings/api', _('Tokens')), ('/settings/webhooks', _('Webhooks')), ('/api', _('What can be asked'))):
  <a class="button small" href="{{path}}"{{' aria-current=page' if path == tab else ''}}>{{text}}</a>
% end
</nav>
