% done = job.get('done')
% problems = job.get('problems') or ()
<p class="import-state">
% if problems:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><strong>{{_('The import stopped.')}}</strong>
% elif done and job.get('dry'):
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><strong>{{_('This is what the import would do. Nothing is written yet.')}}</strong>
% elif done:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><strong>{{_('The import is done.')}}</strong>
% else:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#waiting"></use></svg><strong>{{_('Importing …')}}</strong>
% end
</p>
% for raw in problems:
<p class="mistake">{{words.raw_problem(raw, L)}}</p>
% end
<dl class="counts big">
  <div><dt>{{_('Rows')}}</dt><dd>{{L.number(job.get('rows') or 0)}}</dd></div>
  <div class="good"><dt>{{_('New numbers') if job.get('kind') == 'dnc' else _('New contacts')}}</dt><dd>{{L.number(job.get('new') or 0)}}</dd></div>
% if job.get('updated'):
  <div><dt>{{_('Changed contacts')}}</dt><dd>{{L.number(job['updated'])}}</dd></div>
% end
  <div><dt>{{_('Duplicates')}}</dt><dd>{{L.number(job.get('duplicate') or 0)}}</dd></div>
  <div class="{{'bad' if job.get('damaged') else ''}}"><dt>{{_('Damaged rows')}}</dt><dd>{{L.number(job.get('damaged') or 0)}}</dd></div>
% if job.get('kind') != 'dnc':
  <div><dt>{{_('On a DNC list')}}</dt><dd>{{L.number(job.get('blocked') or 0)}}</dd></div>
% end
% if job.get('dry'):
  <div><dt>{{_('Without consent')}}</dt><dd>{{L.number(job.get('without_consent') or 0)}}</dd></div>
% end
</dl>
% if job.get('desk'):
% include('live/import_desk.tpl')
% end
% if done:
<div class="row">
% if job.get('kind') == 'dnc':
  <a class="button primary" href="/dnc/{{job['list_id']}}">{{_('Show the list')}}</a>
% elif job.get('list_id') and job.get('new') and not job.get('dry'):
  <a class="button primary" href="/wizard?list={{job['list_id']}}">{{_('Create a campaign with this list')}}</a>
% end
% if job.get('list_id') and job.get('kind') != 'dnc' and not job.get('dry'):
  <a class="button" href="/lists/{{job['list_id']}}">{{_('Show the list')}}</a>
% end
% if job.get('report'):
  <a class="button" href="/lists/damaged/{{str(job['report']).rsplit('/', 1)[-1]}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Rows that were not taken')}}</a>
% end
</div>
% if job.get('report'):
<p class="hint gap-top">{{_('The file holds these rows as they came, each with its reason. Mend it and upload it again into the same list.')}}</p>
% end
% end
