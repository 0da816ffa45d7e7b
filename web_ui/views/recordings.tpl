% rebase('base.tpl', title=_('Recordings for machines'))
<div class="head"><h1>{{_('Recordings for machines')}}</h1></div>
<p class="intro">{{_('What a campaign leaves on answering machines instead of a spoken text. Say who calls; a campaign asks for a recording by its name.')}}</p>
% if mistake:
<div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{mistake}}</p></div>
% end
% if recordings:
<div class="card flush scroll"><table class="rows">
  <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col" class="figure">{{_('Length')}}</th><th scope="col">{{_('Campaigns')}}</th><th scope="col"><span class="sr">{{_('Delete')}}</span></th></tr></thead>
  <tbody>
% for each in recordings:
  <tr><th scope="row"><code>{{each['name']}}</code></th><td class="figure">{{_('{seconds} s', seconds=L.number(each['seconds']))}}</td><td>{{', '.join(each['campaigns']) or '–'}}</td><td>
% if not each['campaigns']:
    <form method="post" action="/recordings/{{each['name']}}/remove"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="small" aria-label="{{_('Delete the recording {name}', name=each['name'])}}">{{_('Delete')}}</button></form>
% end
  </td></tr>
% end
  </tbody>
</table></div>
% else:
<p class="empty">{{_('No recording yet.')}}</p>
% end
<div class="card form">
  <h2>{{_('Upload a recording')}}</h2>
  <form method="post" action="/recordings" enctype="multipart/form-data" class="stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='name', label=_('Name'), value=typed, hint=_('Small letters, digits, - and _; empty: as the file is called. One of the same name is replaced.'), more={'maxlength': '60', 'autocomplete': 'off', 'spellcheck': 'false'})
    <div class="field"><label for="f-file">{{_('WAV file')}}</label><input id="f-file" name="file" type="file" accept=".wav,audio/wav" required aria-describedby="h-file"><p class="hint" id="h-file">{{_('Any rate, mono or stereo; at most three minutes are kept.')}}</p></div>
    <div><button class="primary">{{_('Upload')}}</button></div>
  </form>
</div>
