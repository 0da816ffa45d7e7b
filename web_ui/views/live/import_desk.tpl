% told = job.get('examples') or ()
<div class="note"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><div>
<p><strong>{{ngettext('Agents have changed {count} contact of which the file says otherwise.', 'Agents have changed {count} contacts of which the file says otherwise.', job['desk'])}}</strong>
% if job.get('over_desk') and job.get('dry'):
{{_('They would become what the file says.')}}
% elif job.get('over_desk'):
{{_('They became what the file says; the list of imports takes it back.')}}
% elif job.get('dry'):
{{_('What the agents entered would stay.')}}
% else:
{{_('What the agents entered stayed.')}}
% end
</p></div></div>
<div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Changed by agents'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Contact')}}</th><th scope="col">{{_('Field')}}</th><th scope="col">{{_('Agents entered')}}</th><th scope="col">{{_('The file says')}}</th><th scope="col">{{_('Before')}}</th><th scope="col">{{_('Changed on')}}</th></tr></thead>
  <tbody>
% for each in told:
    <tr><th scope="row">{{each['name'] or L.phone(each['number'])}}
% if each['name']:
 <span class="muted">{{L.phone(each['number'])}}</span>
% end
    </th><td>{{each['field'] or _('Name')}}</td><td>{{each['desk'] or '–'}}</td><td>{{each['file'] or '–'}}</td><td>{{each['before'] or '–'}}</td><td>{{L.moment(each['at'])}}</td></tr>
% end
  </tbody></table></div>
% if job['desk'] > len({each['contact_id'] for each in told}):
<p class="hint">{{_('The first {count} values are shown.', count=L.number(len(told)))}}</p>
% end
