% rebase('base.tpl', title=_('Privacy'))
% tonight = sum(each['due'] for each in state['classes'])
<div class="head"><h1>{{_('Privacy')}}</h1>
  <form method="post" action="/privacy/clear"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button{{' disabled' if state['running'] else ''}}>{{_('Delete what is due now')}}</button></form></div>
<p class="intro">{{_('Everything is kept for a finite time. At night what is over its time is deleted, in small steps beside dialling.')}}</p>
<div class="dashboard">
<section class="card" aria-labelledby="kept-title"><h2 id="kept-title">{{_('How long things are kept')}}</h2>
  <p>{{ngettext('Tonight ({moment}) {count} entry will be removed.', 'Tonight ({moment}) {count} entries will be removed.', tonight, moment=L.moment(state['next_at']))}}</p>
  <form method="post" action="/privacy/keep"><input type="hidden" name="csrf" value="{{visit.csrf}}">
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('How long things are kept'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('What')}}</th><th scope="col">{{_('Days')}}</th><th scope="col" class="figure">{{_('Tonight')}}</th></tr></thead><tbody>
% for each in state['classes']:
% name, about = names.CLASSES[each['key']]
  <tr><th scope="row"><label for="d-{{each['key']}}">{{_(name)}}</label><br><span class="hint" id="h-{{each['key']}}">{{_(about)}} {{_('{least} to {most} days.', least=L.number(each['least']), most=L.number(each['most']))}}</span></th>
    <td><input id="d-{{each['key']}}" name="days-{{each['key']}}" type="number" required min="{{each['least']}}" max="{{each['most']}}" value="{{each['kept']}}" aria-describedby="h-{{each['key']}}"></td><td class="figure">{{L.number(each['due'])}}</td></tr>
% end
  </tbody></table></div>
  <p class="row"><button class="primary">{{_('Set the times')}}</button></p></form>
</section>
<section class="card half" aria-labelledby="person-title"><h2 id="person-title">{{_('One person')}}</h2>
  <p>{{_('Everything that is stored about a number, as a file to hand over, and erasing it.')}}</p>
  <form method="post" action="/privacy/person" class="row align-end"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='number', label=_('Telephone number'), type='tel', value='', errors={}, more={'required': 'required', 'maxlength': 40})
  <button class="primary">{{_('Look up')}}</button></form>
</section>
<section class="card half" aria-labelledby="erased-title"><h2 id="erased-title">{{_('Erased')}}</h2>
% if not state['erased']:
  <p class="empty">{{_('Nobody yet.')}}</p>
% end
% for each in state['erased']:
  <details class="more"><summary>{{L.moment(each['at'])}}, {{each['by']}}{{': ' + each['why'] if each['why'] else ''}}</summary><ul class="plain-list">
% for key, count in each['account'].items():
% if count:
    <li>{{L.number(count)}} {{words.word(names.ACCOUNT, key, L)}}</li>
% end
% end
  </ul></details>
% end
  <p class="hint">{{_('Whose number it was is not kept here. Erased people stay erased when a backup is put back on this box; in the backups themselves they are gone when the last one from before is.')}}</p>
</section>
<section class="card" aria-labelledby="nights-title"><h2 id="nights-title">{{_('The last nights')}}</h2>
% if not state['runs']:
  <p class="empty">{{_('None yet.')}}</p>
% else:
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('The last nights'))}}"><table class="rows">
  <thead><tr><th scope="col">{{_('Time')}}</th><th scope="col">{{_('Removed')}}</th><th scope="col">{{_('Went well')}}</th></tr></thead><tbody>
% for run in state['runs']:
  <tr><th scope="row">{{L.moment(run['began_at'])}}</th><td>{{', '.join('%s: %s' % (_(names.CLASSES[key][0]), L.number(count)) for key, count in run['removed'].items() if count and key in names.CLASSES) or _('nothing was due')}}</td><td>{{run['error'] or (_('yes') if run['ended_at'] else _('broken off'))}}</td></tr>
% end
  </tbody></table></div>
% end
</section>
</div>
