<nav class="row gap-bottom no-print" aria-label="{{_('Reports')}}">
% for key, text in kinds.items():
  <a class="button small" href="/reports?{{asked.query(key)}}"{{' aria-current=page' if tab == key else ''}}>{{_(text)}}</a>
% end
% if may('reports_calls'):
  <a class="button small" href="/reports/attempts?{{asked.query('success')}}"{{' aria-current=page' if tab == 'attempts' else ''}}>{{_('Every attempt')}}</a>
% end
% if may('reports_mail'):
  <a class="button small" href="/reports/mail"{{' aria-current=page' if tab == 'mail' else ''}}>{{_('By e-mail')}}</a>
% end
</nav>
