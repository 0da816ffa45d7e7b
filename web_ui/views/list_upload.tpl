% rebase('base.tpl', title=_('Upload a list'), scripts=['upload.js'])
<div class="head"><p class="crumb"><a href="/lists">{{_('Contact lists')}}</a></p><h1>{{_('Upload a list')}}</h1></div>
% include('wizard.tpl', step=1)
<div class="card form">
% if error:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{error}}</p></div>
% end
  <form method="post" action="/lists/upload" enctype="multipart/form-data" class="stack" id="upload" data-most="{{most_bytes}}">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="drop-zone">
      <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#upload"></use></svg>
      <label for="f-file"><strong>{{_('Drop a CSV or Excel file here or choose one')}}</strong></label>
      <input id="f-file" name="file" type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" required aria-describedby="h-file">
      <p class="hint" id="h-file">{{_('CSV or XLSX from a spreadsheet or customer system, at most {limit}. One row per contact; a column with the telephone number is enough.', limit=L.size(most_bytes))}}</p>
      <p class="mistake" id="upload-mistake" role="alert" hidden></p>
      <progress id="upload-progress" max="1" value="0" hidden aria-label="{{_('Upload')}}"></progress>
    </div>
    <div><button class="primary">{{_('Go on')}}</button></div>
  </form>
</div>
