% rebase('base.tpl', title=_('How the pages look'))
% icon = lambda name: static_url('icons.svg') + '#' + name
% parts = (('colours', _('Colours')), ('letters', _('Letters')), ('buttons', _('Buttons')), ('fields', _('Fields')), ('badges', _('States and badges')), ('banners', _('Banners and notes')), ('tables', _('Tables')), ('figures', _('Figures and progress')), ('charts', _('Charts')), ('dialogs', _('Questions and explanations')), ('empty', _('Nothing there')), ('steps', _('Steps')), ('icons', _('Icons')), ('paper', _('Paper')), ('always', _('What holds everywhere')))
<div class="head"><h1>{{_('How the pages look')}}</h1><button type="button" data-print hidden>{{_('Print')}}</button></div>
<p class="intro">{{_('One small design system of our own: a style sheet, system letters, a few parts. Everything below is the real thing, so this page follows your screen, light or dark, and your language. New pages are made of these parts and of nothing else.')}}</p>
<ul class="row gap-bottom no-print">
% for key, title in parts:
  <li><a class="button small" href="#d-{{key}}">{{title}}</a></li>
% end
</ul>
<div class="design">
<section class="card" aria-labelledby="d-colours">
% include('design_part.tpl', key='colours', title=parts[0][1], rule=_('Named by what they mean, never by what they look like. Each has a value for light and one for dark screens; words on their ground keep a contrast of 4.5 to 1. A colour is never alone: a word and an icon stand beside it.'), names=('var(--NAME)',))
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=parts[0][1])}}"><table class="rows stacked">
    <thead><tr><th scope="col">{{_('Name')}}</th><th scope="col">{{_('Light and dark')}}</th><th scope="col">{{_('Stands for')}}</th></tr></thead>
    <tbody>
% for each in view.tokens():
    <tr><th scope="row"><code>--{{each.name}}</code></th><td class="number"><svg class="swatch" viewBox="0 0 48 24" aria-hidden="true"><rect width="24" height="24" fill="{{each.light}}"></rect><rect x="24" width="24" height="24" fill="{{each.dark}}"></rect></svg> <code>{{each.light}}</code> · <code>{{each.dark}}</code></td><td>{{_('The ground behind it') if each.name.endswith('-soft') and each.name != 'brand-soft' else _(each.meaning)}}</td></tr>
% end
    </tbody></table></div>
</section>
<section class="card" aria-labelledby="d-letters">
% include('design_part.tpl', key='letters', title=parts[1][1], rule=_('The letters of the system, figures of equal width, 16 px and never below 13. One h1 to a page; headings by rank, not by size.'), names=('h1', 'h2', 'h3', '.hint', '.muted', '.number', 'code', 'kbd'))
  <div class="stack">
    <p class="step-title">{{_('A step’s title')}} <code class="tag">{{'.step-title'}}</code></p>
    <h3>{{_('A heading of third rank')}}</h3>
    <p>{{_('Words as people speak, in short sentences.')}} <a href="/words">{{_('A link says where it leads.')}}</a></p>
    <p class="hint">{{_('A hint stands below what it explains.')}}</p>
    <p><span class="number">+49 30 23125001</span> · 0:42 · {{L.percent(0.125)}} · <code>01K000A</code> · <kbd>F4</kbd></p>
  </div>
</section>
<section class="card" aria-labelledby="d-buttons">
% include('design_part.tpl', key='buttons', title=parts[2][1], rule=_('A button says what it does, with a verb. One primary button to a card; what destroys is red and asks first. At least 44 px high, 34 px in tables. A link goes somewhere, a button does something.'), names=('button', 'a.button', '.primary', '.danger', '.quiet', '.small', '.big', '.wide'))
  <div class="row">
    <button type="button" class="primary">{{_('Primary')}}</button><button type="button">{{_('Plain')}}</button><button type="button" class="quiet">{{_('Quiet')}}</button>
    <button type="button" class="danger"><svg class="icon" aria-hidden="true"><use href="{{icon('trash')}}"></use></svg>{{_('Delete')}}</button><button type="button" class="small">{{_('Small')}}</button>
    <button type="button" disabled>{{_('Not now')}}</button><button type="button"><svg class="icon" aria-hidden="true"><use href="{{icon('held')}}"></use></svg>{{_('Hold')}} <kbd>F4</kbd></button>
  </div>
</section>
<section class="card form" aria-labelledby="d-fields">
% include('design_part.tpl', key='fields', title=parts[3][1], rule=_('Every field has a label above it, a hint below it if one is needed, and its mistake below that, in words that say what to do. What was typed stays after a mistake. Nothing is asked that the box can know.'), names=('.field', 'field.tpl', '.tick', '.choice', '.grid', '.mistake', '.with-term'))
  <form class="stack">
    <div class="grid">
% include('field.tpl', name='d-text', label=_('A field'), value='', errors={}, hint=_('A hint, for what is not obvious.'))
% include('field.tpl', name='d-wrong', label=_('A field with a mistake'), value='0', errors={'d-wrong': _('At least 1.')}, type='number', unit=_('minutes'))
% include('field.tpl', name='d-term', label=_('A field with a term'), value='', errors={}, term='campaign', hint='')
    <div class="field"><label for="f-d-select">{{_('A choice of many')}}</label><select id="f-d-select"><option>{{_('the first')}}</option><option>{{_('the second')}}</option></select></div>
% include('field.tpl', name='d-day', label=_('A day'), value='', errors={}, type='date', hint='', term='')
    </div>
    <label class="tick"><input type="checkbox" checked><span>{{_('Something that is on or off')}}</span></label>
    <fieldset><legend>{{_('A choice of few, each with its consequence')}}</legend><div class="choices">
      <label class="choice"><input type="radio" name="d-choice" checked><span><strong>{{_('the first')}}</strong> <span class="muted">{{_('What follows from it.')}}</span></span></label>
      <label class="choice"><input type="radio" name="d-choice"><span><strong>{{_('the second')}}</strong> <span class="muted">{{_('What follows from it.')}}</span></span></label>
    </div></fieldset>
    <div class="field"><label for="f-d-note">{{_('Long words')}}</label><textarea id="f-d-note"></textarea></div>
  </form>
</section>
<section class="card" aria-labelledby="d-badges">
% include('design_part.tpl', key='badges', title=parts[4][1], rule=_('Colour, word and icon together. The word is the one of the glossary, on the screen, on paper and on the telephone.'), names=('live/state.tpl', '.state.NAME', '.tag', '.ok', '.off'))
  <p class="row">
% for state, symbol in view.STATES:
% include('live/state.tpl', state=state, icon=symbol, word=words.word(words.AGENT_STATES, state, L))
% end
    <span class="state running"><svg class="icon" aria-hidden="true"><use href="{{icon('running')}}"></use></svg>{{_('Running')}}</span><span class="state down"><svg class="icon" aria-hidden="true"><use href="{{icon('alert')}}"></use></svg>{{_('down')}}</span>
  </p>
  <p class="row gap-top"><span class="tag">{{_('a tag')}}</span><span class="ok"><svg class="icon" aria-hidden="true"><use href="{{icon('phone')}}"></use></svg>{{_('registered')}}</span><span class="off"><svg class="icon" aria-hidden="true"><use href="{{icon('phone-off')}}"></use></svg>{{_('not registered')}}</span></p>
</section>
<section class="card" aria-labelledby="d-banners">
% include('design_part.tpl', key='banners', title=parts[5][1], rule=_('A banner says what is wrong with the box as long as it is. A note answers what somebody just did, and offers to undo it where that is possible. What refuses says why, and the way out.'), names=('.banner', '.note.done', '.note.refused', '.note.plain', '.note.warn', 'role=status', 'role=alert'))
  <p class="banner"><svg class="icon" aria-hidden="true"><use href="{{icon('alert')}}"></use></svg><span>{{_('The telephone service does not answer. What you see may be old; calls cannot be controlled from here right now.')}}</span></p>
  <div class="note done"><svg class="icon" aria-hidden="true"><use href="{{icon('check')}}"></use></svg><p>{{_('Done, and what has changed.')}}</p><button type="button" class="small">{{_('Undo')}}</button></div>
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{icon('alert')}}"></use></svg><p>{{_('Refused, why, and what to do about it.')}}</p></div>
  <div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{icon('info')}}"></use></svg><p>{{_('Good to know.')}}</p></div>
  <div class="note warn"><svg class="icon" aria-hidden="true"><use href="{{icon('alert')}}"></use></svg><p>{{_('Works, but look at this first.')}}</p></div>
</section>
<section class="card" aria-labelledby="d-tables">
% include('design_part.tpl', key='tables', title=parts[6][1], rule=_('The first cell of a line is its heading and leads to the thing itself. Figures stand right, words left. A wide table scrolls in its own frame, which the keyboard reaches and a shadow shows; a stacked one becomes a list on a telephone.'), names=('table.rows', '.scroll', '.stacked', '.figure', 'tr.sum', 'pages.tpl'))
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=parts[6][1])}}"><table class="rows"><thead><tr><th scope="col">{{_('Campaign')}}</th><th scope="col">{{_('State')}}</th><th scope="col" class="figure">{{_('Attempts')}}</th></tr></thead>
    <tbody><tr><th scope="row"><a href="#d-tables">{{_('A name')}}</a></th><td><span class="state running"><svg class="icon" aria-hidden="true"><use href="{{icon('running')}}"></use></svg>{{_('Running')}}</span></td><td class="figure">{{L.number(1234)}}</td></tr><tr class="sum"><th scope="row">{{_('Total')}}</th><td></td><td class="figure">{{L.number(1234)}}</td></tr></tbody></table></div>
</section>
<section class="card" aria-labelledby="d-figures">
% include('design_part.tpl', key='figures', title=parts[7][1], rule=_('A figure has its name above it and its target below it; red only where the target is missed. Progress is a bar with its words; what takes long says how far it is and can be left alone.'), names=('.tiles', '.tile', '.tile.bad', 'svg.bar', 'progress', 'dl.facts', '.counts'))
  <dl class="tiles gap-bottom">
    <div class="tile"><dt class="tile-label">{{_('Agents ready')}}</dt><dd><span class="tile-value">3</span> <span class="tile-target">{{_('of {count} at work', count=5)}}</span></dd></div>
    <div class="tile bad"><dt class="tile-label">{{_('Abandon rate')}}</dt><dd><span class="tile-value">{{L.percent(0.041)}}</span> <span class="tile-target">{{_('target: at most {share}', share=L.percent(0.03))}}</span></dd></div>
  </dl>
% include('live/bar.tpl', done=0.4, flying=0.1)
  <p class="progress-words">{{_('{share} worked off', share=L.percent(0.4))}}</p>
  <p class="gap-top"><label for="d-progress">{{_('What takes long')}}</label> <progress id="d-progress" max="100" value="60"></progress></p>
  <dl class="facts gap-top"><dt>{{_('A fact')}}</dt><dd>{{_('and its value')}}</dd></dl>
</section>
<div>
% include('design_part.tpl', key='charts', title=parts[8][1], rule=_('A chart answers one question, begins at nothing and has its table behind it with the same figures. Its colours are named in a legend, each bar says its figures to whoever points at it. These figures are invented.'), names=('report_table.tpl', '.plot', '.legend'))
% include('report_table.tpl')
</div>
<section class="card" aria-labelledby="d-dialogs">
% include('design_part.tpl', key='dialogs', title=parts[9][1], rule=_('A question names what will be lost and comes with “Cancel” first; Escape closes it. A term is explained where it stands, behind a question mark. Nothing opens by itself.'), names=('confirm.tpl', '.dialog', 'term.tpl', '.drop', 'popover'))
  <p class="row"><button type="button" class="danger" popovertarget="d-question">{{_('Ask me')}}</button> <span>{{_('Campaign')}}</span>
% include('term.tpl', key='dnc')
  </p>
  <div class="dialog" id="d-question" popover role="dialog" aria-labelledby="d-question-title"><h3 id="d-question-title">{{_('Delete “{name}”?', name=_('A name'))}}</h3><p>{{_('What is lost, and what stays.')}}</p><div class="row end"><button type="button" popovertarget="d-question" popovertargetaction="hide" autofocus>{{_('Cancel')}}</button><button type="button" class="danger" popovertarget="d-question" popovertargetaction="hide">{{_('Delete')}}</button></div></div>
</section>
<section class="card" aria-labelledby="d-empty">
% include('design_part.tpl', key='empty', title=parts[10][1], rule=_('An empty page says what will stand there and offers the way to it. An empty part of a page is one quiet sentence.'), names=('.blank', '.empty'))
  <div class="blank"><svg class="icon" aria-hidden="true"><use href="{{icon('campaigns')}}"></use></svg><h3>{{_('Nothing yet')}}</h3><p>{{_('What will stand here, and what for.')}}</p><button type="button" class="primary">{{_('Make the first one')}}</button></div>
  <p class="empty">{{_('Nothing yet.')}}</p>
</section>
<section class="card" aria-labelledby="d-steps">
% include('design_part.tpl', key='steps', title=parts[11][1], rule=_('What is long is cut into steps that can be gone back; every step keeps what was entered. The first button goes on, so Enter accepts what is proposed.'), names=('ol.wizard', 'wizard_head.tpl', '.wizard-foot'))
% include('wizard.tpl', step=2)
</section>
<section class="card" aria-labelledby="d-icons">
% include('design_part.tpl', key='icons', title=parts[12][1], rule=_('Lines of equal strength in the colour of the words beside them, from one file of our own. An icon without a word has its name for screen readers.'), names=('svg.icon', 'icons.svg#NAME'))
  <ul class="icon-list">
% for name in view.icons():
    <li><svg class="icon" aria-hidden="true"><use href="{{icon(name)}}"></use></svg> <code>{{name}}</code></li>
% end
  </ul>
</section>
<section class="card" aria-labelledby="d-paper">
% include('design_part.tpl', key='paper', title=parts[13][1], rule=_('Printed, a page is its content: no menu, no buttons of forms, black on white, tables whole. Reports and permits are PDF files besides.'), names=('.no-print', '.print-only', 'data-print'))
  <p>{{_('Print this page to see it.')}} <span class="print-only">{{_('This sentence is only on paper.')}}</span></p>
</section>
<section class="card" aria-labelledby="d-always">
% include('design_part.tpl', key='always', title=parts[14][1], rule=_('Held to by the tests of every page, at 375 and 1280 px, light and dark, in both languages.'))
  <ul class="plain-steps">
    <li>{{_('Everything can be done with the keyboard, and what has the focus is seen.')}}</li>
    <li>{{_('Nothing is wider than the screen, not even at four times the size.')}}</li>
    <li>{{_('Nothing moves for those who asked for that.')}}</li>
    <li>{{_('Nothing is fetched from elsewhere, and no script or style stands in a page.')}}</li>
    <li>{{_('Pages work without their scripts; scripts only keep them fresh.')}}</li>
  </ul>
</section>
</div>
