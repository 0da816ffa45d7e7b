% if not picture.lines:
<p class="empty">{{_('This box has no analog lines.')}}</p>
% end
% for line in picture.lines.values():
<div class="part" data-key="l{{line['name']}}">
  <div class="row apart"><h3>{{line['name']}}</h3>
% include('live/state.tpl', state='down' if line.get('wrong', {}).get('key') else 'ready' if view.line_free(line) else 'ringing' if line.get('state') == 'ringing' else 'talking', icon='alert' if line.get('wrong', {}).get('key') else 'phone', word=view.line_word(line, L))
  </div>
% wrong = view.wrong(line, L)
% if wrong:
  <p class="mistake">{{wrong}}</p>
% end
% include('box_facts.tpl', facts=view.line_facts(line, L))
% job = picture.line_jobs.get(line['name'])
% if job:
  <div class="job">
    <div class="row apart"><p><strong>{{view.job_head(job, L)}}</strong></p>
% if job.get('running'):
    <button class="small" form="act" formaction="/box/lines/{{line['name']}}/stop">{{_('Stop')}}<span class="sr"> {{line['name']}}</span></button>
% end
    </div>
% if job.get('results'):
    <dl class="facts">
% for each in job['results']:
      <dt>{{view.measured(each, L)}}</dt><dd>\\
% include('live/state.tpl', state={'good': 'up', 'warn': 'paused', 'bad': 'down'}.get(each.get('verdict'), ''), icon='check' if each.get('verdict') == 'good' else 'alert' if each.get('verdict') in ('bad', 'warn') else 'info', word=view.verdict(each.get('verdict'), L))
 {{view.measured_value(each, L)}}\\
% hint = view.hint(each, L)
% if hint:
 <span class="hint">{{hint}}</span>\\
% end
</dd>
% end
    </dl>
% end
% if not job.get('running'):
% for place, each in enumerate(job.get('proposals') or ()):
    <div class="row apart"><p>{{view.proposal(each, L)}}</p><button class="small" form="act" formaction="/box/lines/{{line['name']}}/accept/{{place}}">{{_('Keep to this')}}<span class="sr"> {{view.proposal(each, L)}}</span></button></div>
% end
% end
  </div>
% end
% if (line.get('habits') or {}).get('proposals'):
  <div class="row"><button class="small" form="act" formaction="/box/lines/{{line['name']}}/forget">{{_('Forget what was learnt')}}<span class="sr"> {{line['name']}}</span></button></div>
% end
</div>
% end
