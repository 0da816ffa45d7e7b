% rebase('base.tpl', title=_('Order of calls'), scripts=['condition.js'])
<div class="head"><p class="crumb"><a href="/campaigns">{{_('Campaigns')}}</a> › <a href="/campaigns/{{campaign.id}}">{{campaign.settings.name}}</a></p><h1>{{_('Order of calls')}}</h1></div>
<p class="intro">{{_('Whom this campaign calls first, and whom not at all. Left empty, contacts are called by priority and in the order of import.')}}</p>
% include('said.tpl')
% if waits:
<p class="note" role="status">{{_('The contacts are being put in order. Calls begin when that is done.')}}</p>
% end
<form method="post" class="card form"><input type="hidden" name="csrf" value="{{visit.csrf}}">
  <div class="stack">
  <fieldset><legend>{{_('Sorted by')}}</legend>
    <div class="stack">
% for at, row in enumerate(sorts):
    <div class="row" role="group" aria-label="{{_('Sort {number}', number=at + 1)}}">
      <select name="sort-{{at}}" aria-label="{{_('Field')}}"><option value="">{{_('nothing')}}</option>
% for key, text in fields.items():
        <option value="{{key}}"{{' selected' if key == row['field'] else ''}}>{{_(text)}}</option>
% end
% for name in dict.fromkeys([*columns, *([row['field']] if row['field'] and row['field'] not in fields else [])]):
        <option value="{{name}}"{{' selected' if name == row['field'] else ''}}>{{name}}</option>
% end
      </select>
      <select name="as-{{at}}" aria-label="{{_('Compared as')}}">
% for key, text in kinds.items():
        <option value="{{key}}"{{' selected' if key == row['as'] else ''}}>{{_(text)}}</option>
% end
      </select>
      <select name="way-{{at}}" aria-label="{{_('Direction')}}"><option value="">{{_('smallest or first in front')}}</option><option value="1"{{' selected' if row['descending'] else ''}}>{{_('largest or last in front')}}</option></select>
    </div>
% end
    <p class="hint">{{_('What is missing comes last. A contact’s priority counts before all this unless it is one of the fields.')}}</p>
    </div>
  </fieldset>
  <label class="tick"><input type="checkbox" name="fresh_first" value="1"{{' checked' if shown.get('fresh_first') else ''}}><span>{{_('Contacts never called before those called already')}}</span></label>
  <label class="tick"><input type="checkbox" name="static" value="1"{{'' if shown.get('dynamic', True) else ' checked'}}><span>{{_('Contacts keep the place they came in with, even when their fields change')}}</span></label>
% include('condition.tpl', legend=_('Only contacts for which this holds'))
  <div><button class="primary">{{_('Save')}}</button></div>
  </div>
</form>
