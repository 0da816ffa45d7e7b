% titles = {401: _('Please log in'), 403: _('Not allowed'), 404: _('Not found'), 405: _('Not possible this way'), 409: _('Not possible right now'), 413: _('Too large'), 503: _('Not available right now')}
% texts = {401: _('Your session is over.'), 403: _('Your role may not do this, or the form came from another page. Go back, reload the page and try again.'), 404: _('There is nothing at this address. It may have been deleted.'), 405: _('This address cannot be used like that.'), 413: _('The file is larger than this box takes.'), 503: _('The telephone service does not answer or is busy. Nothing was changed. Try again in a moment.')}
% rebase('base.tpl', title=titles.get(number, _('Something failed')), layout='narrow')
<div class="card entrance problem">
  <p class="status-code" aria-hidden="true">{{number}}</p>
  <h1>{{titles.get(number, _('Something failed'))}}</h1>
  <p>{{detail or texts.get(number, _('The box made a mistake. It has been written down.'))}}</p>
% if reference:
  <p class="muted">{{_('Reference for the journal:')}} <code>{{reference}}</code></p>
% end
  <p><a class="button" href="/">{{_('To the start page')}}</a></p>
</div>
