% from urllib.parse import urlencode
% rebase('base.tpl', title=_('Log of changes'))
% query = urlencode({key: value for key, value in chosen.items() if value})
<div class="head"><h1>{{_('Log of changes')}}</h1><a class="button" href="/audit/csv?{{query}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('CSV')}}</a></div>
<p class="intro">{{_('Who changed what, and from where. Nothing can be taken out of this log or changed in it without its chain showing where.')}}</p>
% if verdict:
% if verdict['fault']:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Entry {number} is not as it was written: {fault}', number=verdict['seq'], fault=words.word(names.FAULTS, verdict['fault'], L))}}</p></div>
% else:
<p class="all-well" role="status"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#check"></use></svg>{{ngettext('{count} entry read. It is as it was written.', '{count} entries read. All are as they were written.', verdict['checked'])}}</p>
<p class="hint">{{_('Newest hash, to be written down elsewhere:')}} <code class="long">{{verdict['head']['hash']}}</code></p>
% end
% end
<form method="get" action="/audit" class="card row align-end" role="search" aria-label="{{_('Which changes')}}">
  <div class="field"><label for="f-person">{{_('Who')}}</label><select id="f-person" name="person"><option value="">{{_('everybody')}}</option>
% for each in told['people']:
    <option value="{{each['id']}}"{{' selected' if chosen['person'] == str(each['id']) else ''}}>{{each['name']}}</option>
% end
  </select></div>
  <div class="field"><label for="f-noun">{{_('What')}}</label><select id="f-noun" name="noun"><option value="">{{_('everything')}}</option>
% for each in told['nouns']:
    <option value="{{each}}"{{' selected' if chosen['noun'] == each else ''}}>{{names.noun(each, L)}}</option>
% end
  </select></div>
  <div class="field"><label for="f-from">{{_('From day')}}</label><input type="date" id="f-from" name="from" value="{{chosen['from']}}"></div>
  <div class="field"><label for="f-to">{{_('To day')}}</label><input type="date" id="f-to" name="to" value="{{chosen['to']}}"></div>
% if chosen['object']:
  <input type="hidden" name="object" value="{{chosen['object']}}">
% end
  <button class="primary">{{_('Show')}}</button>
% if query:
  <a class="button quiet" href="/audit">{{_('Show everything')}}</a>
% end
</form>
% if not told['entries']:
<p class="empty gap-top">{{_('No change fits.')}}</p>
% else:
<div class="card flush scroll gap-top" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Log of changes'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Who')}}</th><th scope="col">{{_('What')}}</th><th scope="col" class="wide-only">{{_('Before and after')}}</th></tr></thead>
  <tbody>
% for each in told['entries']:
% noun = each['command'].split('.')[0]
  <tr><th scope="row">{{L.moment(each['at'])}}</th>
    <td>{{each['who'] or _('nobody logged in')}}<br><span class="muted">{{words.word(names.VIA, each['via'], L)}}{{' · ' + each['address'] if each['address'] else ''}}</span></td>
    <td>{{names.act(each['command'], L)}}\\
% if each['object_id']:
<br><a href="/audit?noun={{noun}}&amp;object={{each['object_id']}}">{{each['label'] or '#' + each['object_id']}}</a>\\
% elif each['label']:
<br>{{each['label']}}\\
% end
</td>
    <td class="wide-only">\\
% differences = list(names.differences(each))
% shown = differences if len(differences) < 8 else differences[:4]
% for name, old, new in shown:
<span class="line"><span class="muted">{{name}}:</span> {{old}} → {{new}}</span>\\
% end
% if differences[len(shown):]:
<details class="more"><summary>{{ngettext('{count} further value', '{count} further values', len(differences[len(shown):]))}}</summary>\\
% for name, old, new in differences[len(shown):]:
<span class="line"><span class="muted">{{name}}:</span> {{old}} → {{new}}</span>\\
% end
</details>\\
% end
</td></tr>
% end
  </tbody>
</table></div>
% if told['more']:
<p class="gap-top"><a class="button" href="/audit?{{query + '&' if query else ''}}before={{told['entries'][-1]['seq']}}">{{_('Older')}}</a></p>
% end
% end
<form method="post" action="/audit/verify" class="gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button>{{_('Read the whole log and check it')}}</button></form>
