% rebase('base.tpl', title=_('Import'), scripts=['live.js'])
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a></p><h1>{{_('Import')}}</h1></div>
% include('wizard.tpl', step=3)
<div class="card form" data-live="/live/import/{{job_id}}"><div data-region="import" aria-live="polite">
% include('live/import.tpl')
</div></div>
% if upload:
<form method="post" action="/lists/upload/{{upload}}" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% for key, value in form:
% if key != 'agents':
  <input type="hidden" name="{{key}}" value="{{value}}">
% end
% end
% if ('update', '1') in form:
  <div class="field"><label for="f-agents">{{_('Where agents have changed something since')}}</label><select id="f-agents" name="agents">
    <option value="keep">{{_('what they entered stays')}}</option>
    <option value="replace"{{' selected' if ('agents', 'replace') in form else ''}}>{{_('it becomes what the file says')}}</option>
  </select></div>
% end
  <div class="row foot"><button class="primary">{{_('Start the import')}}</button><a class="button quiet" href="/lists/upload/{{upload}}">{{_('Back to the columns')}}</a></div>
</form>
% end
