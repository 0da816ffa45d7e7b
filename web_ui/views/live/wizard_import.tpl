% done = job.get('done')
% problems = job.get('problems') or ()
<p class="import-state">
% if problems:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><strong>{{_('The import stopped.')}}</strong>
% elif done and job.get('dry'):
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><strong>{{_('Checked. This is what will be kept when you go on.')}}</strong>
% elif done:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg><strong>{{_('The contacts are in. You can go on.')}}</strong>
% elif job.get('dry'):
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#waiting"></use></svg><strong>{{_('Checking …')}}</strong>
% else:
<svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#waiting"></use></svg><strong>{{_('Importing …')}}</strong>
% end
</p>
% for raw in problems:
<p class="mistake">{{words.raw_problem(raw, L)}}</p>
% end
<dl class="counts big">
  <div><dt>{{_('Rows')}}</dt><dd>{{L.number(job.get('rows') or 0)}}</dd></div>
  <div class="good"><dt>{{_('New contacts')}}</dt><dd>{{L.number(job.get('new') or 0)}}</dd></div>
  <div><dt>{{_('Changed contacts')}}</dt><dd>{{L.number(job.get('updated') or 0)}}</dd></div>
  <div><dt>{{_('Duplicates')}}</dt><dd>{{L.number(job.get('duplicate') or 0)}}</dd></div>
  <div class="{{'bad' if job.get('damaged') else ''}}"><dt>{{_('Damaged rows')}}</dt><dd>{{L.number(job.get('damaged') or 0)}}</dd></div>
  <div><dt>{{_('On a DNC list')}}</dt><dd>{{L.number(job.get('blocked') or 0)}}</dd></div>
% if job.get('dry'):
  <div><dt>{{_('Without consent')}}</dt><dd>{{L.number(job.get('without_consent') or 0)}}</dd></div>
% end
</dl>
% if done and job.get('report'):
<p><a class="button small" href="/lists/damaged/{{str(job['report']).rsplit('/', 1)[-1]}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Rows that were not taken')}}</a></p>
<p class="hint">{{_('The file holds these rows as they came, each with its reason. Mend it and upload it again into the same list.')}}</p>
% end
