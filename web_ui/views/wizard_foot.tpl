<div class="row foot wizard-foot"><button class="primary" name="go" value="{{'next'}}" id="go-on">{{get('label', '') or _('Next')}}</button>
% if get('may_go_back', True):
<button name="go" value="{{'back'}}" formnovalidate>{{_('Back')}}</button>
% end
% if get('may_skip', True):
<button class="quiet" name="go" value="{{'end'}}">{{_('The rest is fine: to the forecast')}}</button>
% end
</div>
