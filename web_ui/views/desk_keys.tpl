% rebase('base.tpl', title=_('Keys of the desk'), scripts=['keys.js'])
<div class="head"><h1>{{_('Keys of the desk')}}</h1><a class="button" href="/desk">{{_('Back to the desk')}}</a></div>
<p class="intro">{{_('Go to a field and press the key it is to have. An empty field: no key. The keys are yours at every place you log in.')}}</p>
% include('mistakes.tpl')
<form method="post" action="/desk/keys" class="stack" id="keys-form" autocomplete="off"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% for title, part, kind, hint in ((_('During calls'), about.CALL, 'call', _('F2, F4 and F6 to F10, each with Shift or without; only Shift+F10 is the browser’s.')), (_('While the result is in front'), about.RESULT, 'result', _('One letter. Digits choose the result, Enter saves it.'))):
<fieldset class="card form"><legend>{{title}}</legend><p class="hint">{{hint}}</p>
<div class="grid">
% for action, (delivered, text) in part.items():
% include('field.tpl', name=action, label=_(text), value=typed[action], hint=_('As delivered: {key}', key=delivered), more={'maxlength': '20', 'class': 'short', 'data-press': kind, 'autocapitalize': 'off', 'spellcheck': 'false'})
% end
</div></fieldset>
% end
<div class="row"><button class="primary">{{_('Save')}}</button></div>
</form>
<form method="post" action="/desk/keys" class="gap-top"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="delivered" value="1"><button>{{_('All keys as delivered')}}</button></form>
