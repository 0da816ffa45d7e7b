% title = snippet['title_de'] or snippet['title_en'] or _('New answer')
% rebase('base.tpl', title=title)
% path = '/snippets/new' if number is None else '/snippets/%d' % number
<div class="head">
  <p class="crumb"><a href="/snippets">{{_('Prepared answers')}}</a></p>
  <h1>{{title}}</h1>
</div>
% include('mistakes.tpl')
<form method="post" action="{{path}}" class="card form stack"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='part', label=_('Group'), value=snippet['part'], hint=_('For example prices, delivery, data protection. May stay empty.'), more={'maxlength': '80'})
  <p class="hint">{{_('In a text, braces stand for what is known of the contact: {fields}', fields='{Name} {Number} {Agent} {Campaign}')}}</p>
% for code, language in (('de', 'Deutsch'), ('en', 'English')):
  <fieldset><legend lang="{{code}}">{{language}}</legend>
% include('field.tpl', name='title_' + code, label=_('Title'), value=snippet['title_' + code], more={'maxlength': '200', 'lang': code})
    <div class="field"><label for="f-text_{{code}}">{{_('Answer')}}</label><textarea id="f-text_{{code}}" name="text_{{code}}" rows="5" maxlength="6000" lang="{{code}}">{{snippet['text_' + code]}}</textarea>
% if errors.get('text_' + code):
      <p class="mistake">{{errors['text_' + code]}}</p>
% end
    </div>
  </fieldset>
% end
% if names:
  <fieldset><legend>{{_('Campaigns')}}</legend><p class="hint">{{_('None chosen: all of them.')}}</p>
% for each, label in names.items():
    <label class="tick"><input type="checkbox" name="campaigns" value="{{each}}"{{' checked' if each in snippet['campaigns'] else ''}}><span>{{label}}</span></label>
% end
  </fieldset>
% end
  <div class="row"><button class="primary">{{_('Save')}}</button></div>
</form>
% if number is not None:
<form method="post" action="{{path}}/remove" class="gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="quiet danger">{{_('Remove this answer')}}</button></form>
% end
