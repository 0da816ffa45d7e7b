% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title, scripts=['upload.js'])
% include('wizard_head.tpl', form_id='step' if lists else '')
% include('mistakes.tpl')
% if drafts:
<section class="card form" aria-labelledby="drafts-title"><h2 id="drafts-title">{{_('Drafts to go on with')}}</h2>
  <ul class="plain-list">
% for each in drafts[:5]:
    <li><a href="/wizard/{{each.id}}">{{each.settings.name}}</a> <span class="muted">{{_('begun {moment}', moment=L.moment(each.created_at))}}</span></li>
% end
  </ul>
</section>
% end
<h2 class="step-title above">{{_('Whom do you want to call?')}} \\
% include('term.tpl', key='contact_list')
</h2>
% if upload:
<div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('The file “{name}” is uploaded and waits for its columns to be checked.', name=upload_title)}}</p><a class="button small" href="{{path}}/columns">{{_('Go on with this file')}}</a></div>
% end
% if lists:
<form method="post" action="{{path}}/list" class="form" id="step" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <div class="stack">
% include('field.tpl', name='name', label=_('Name of the campaign'), value=called, more={'maxlength': '120', 'autocomplete': 'off'})
    <fieldset class="field" id="f-contact_list_id" tabindex="-1"><legend>{{_('A list that is here already')}}</legend>
      <div class="choices">
% for each in lists:
      <label class="choice"><input type="radio" name="contact_list_id" value="{{each.id}}"{{' checked' if each.id == chosen else ''}}><span><strong>{{each.name}}</strong> <span class="muted">{{ngettext('{count} contact', '{count} contacts', each.contacts)}} · {{_('{count} open', count=L.number(each.open))}} · {{L.date(each.created_at)}}</span></span></label>
% end
      </div>
    </fieldset>
    </div>
% include('wizard_foot.tpl', may_go_back=False, label=_('Go on with this list'))
  </section>
</form>
% end
<section class="card form gap-top" aria-labelledby="file-title">
  <h2 id="file-title">{{_('Or a new file') if lists else _('A file with your contacts')}}</h2>
% if file_error:
  <div class="note refused" role="alert"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{file_error}}</p></div>
% end
  <form method="post" action="{{path}}/upload" enctype="multipart/form-data" class="stack" id="upload" data-most="{{most_bytes}}">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
% if not lists:
% include('field.tpl', name='name', label=_('Name of the campaign'), value=called, more={'maxlength': '120', 'autocomplete': 'off'})
% else:
    <input type="hidden" name="name" value="{{called}}">
% end
    <div class="drop-zone">
      <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#upload"></use></svg>
      <label for="f-file"><strong>{{_('Drop a CSV or Excel file here or choose one')}}</strong></label>
      <input id="f-file" name="file" type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" required aria-describedby="h-file">
      <p class="hint" id="h-file">{{_('CSV or XLSX from a spreadsheet or customer system, at most {limit}. One row per contact; a column with the telephone number is enough.', limit=L.size(most_bytes))}}</p>
      <p class="mistake" id="upload-mistake" role="alert" hidden></p>
      <progress id="upload-progress" max="1" value="0" hidden aria-label="{{_('Upload')}}"></progress>
    </div>
    <div><button class="{{'' if lists else 'primary'}}">{{_('Upload and look at it')}}</button></div>
  </form>
</section>
<p class="hint gap-top">{{_('You know your way around?')}} <a href="/campaigns/new">{{_('All settings on one page')}}</a></p>
