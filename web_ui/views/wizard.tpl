<ol class="wizard" aria-label="{{_('Steps')}}">
% for number, text in enumerate((_('Choose the file'), _('Check the columns'), _('Outcome')), 1):
  <li{{' aria-current=step' if number == step else ''}} class="{{'past' if number < step else ''}}"><span class="number">{{number}}</span>{{text}}</li>
% end
</ol>
