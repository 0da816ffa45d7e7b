% rebase('base.tpl', title=_('Import'), scripts=['live.js'])
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a></p><h1>{{_('Import')}}</h1></div>
% include('wizard.tpl', step=3)
<div class="card form" data-live="/live/import/{{job_id}}"><div data-region="import" aria-live="polite">
% include('live/import.tpl')
</div></div>
% if upload:
<form method="post" action="/lists/upload/{{upload}}" class="row foot"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% for key, value in form:
  <input type="hidden" name="{{key}}" value="{{value}}">
% end
  <button class="primary">{{_('Start the import')}}</button><a class="button quiet" href="/lists/upload/{{upload}}">{{_('Back to the columns')}}</a>
</form>
% end
