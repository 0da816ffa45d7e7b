% rebase('base.tpl', title=_('Box'), scripts=['live.js'])
<div class="head">
  <h1>{{_('Box')}}</h1>
  <p class="as-of muted" id="as-of">{{_('as of')}} <time>{{L.time(picture.at) if picture.at else '–'}}</time></p>
</div>
<form id="act" method="post"><input type="hidden" name="csrf" value="{{visit.csrf}}"></form>
<div data-live="/live/box" class="dashboard">
  <section class="card" aria-labelledby="light-title">
    <h2 id="light-title">{{_('At a glance')}}</h2>
    <div data-region="light">
% include('live/box_light.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="ports-title">
    <h2 id="ports-title">{{_('Rear of the box')}}</h2>
    <div data-region="ports">
% include('live/box_ports.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="trial-title">
    <h2 id="trial-title" tabindex="-1">{{_('Test call')}}</h2>
    <form method="post" action="/box/call" class="stack">
      <input type="hidden" name="csrf" value="{{visit.csrf}}">
      <div class="field"><label for="f-to">{{_('Telephone or number')}}</label>
        <div class="control"><input id="f-to" name="to" required maxlength="40" autocomplete="off" aria-describedby="h-to" list="phones"></div>
        <datalist id="phones">
% for phone in picture.phones.values():
          <option value="{{phone['name']}}"></option>
% end
        </datalist>
        <p class="hint" id="h-to">{{_('The name of a telephone of the house, or a number of your own. Never an emergency number.')}}</p>
      </div>
      <div class="field"><label for="f-over">{{_('Over')}}</label>
        <div class="control"><select id="f-over" name="over">
          <option value="">{{_('inside the house')}}</option>
% for trunk in view.sip_trunks(picture):
          <option value="{{trunk['name']}}">{{_('Trunk {name}', name=trunk['name'])}}</option>
% end
% for line in picture.lines.values():
          <option value="line:{{line['name']}}">{{_('Line {name}', name=line['name'])}}</option>
% end
        </select></div>
      </div>
      <div class="row end"><button class="primary">{{_('Call')}}</button></div>
    </form>
    <div data-region="trial">
% include('live/box_trial.tpl')
    </div>
  </section>
  <section class="card" aria-labelledby="lines-title">
    <h2 id="lines-title" tabindex="-1">{{_('Analog lines')}}</h2>
% if picture.lines:
    <form method="post" action="/box/line/test" class="stack">
      <input type="hidden" name="csrf" value="{{visit.csrf}}">
      <div class="parts">
      <div class="field"><label for="f-line">{{_('Line')}}</label>
        <div class="control"><select id="f-line" name="line">
% for line in picture.lines.values():
          <option value="{{line['name']}}">{{line['name']}}</option>
% end
        </select></div></div>
      <div class="field"><label for="f-loop">{{_('Loopback call to')}}</label>
        <div class="control"><select id="f-loop" name="loop">
          <option value="">{{_('no other line')}}</option>
% for line in picture.lines.values():
          <option value="{{line['name']}}">{{line['name']}}</option>
% end
        </select></div></div>
% include('field.tpl', name='number', label=_('Number of the telephone in your hand'), value='', errors={}, hint=_('Only for learning: it rings, you answer, then you hang up.'), more={'maxlength': '40', 'inputmode': 'tel', 'autocomplete': 'off'})
      </div>
      <div class="row end"><button class="primary">{{_('Test line')}}</button><button formaction="/box/line/learn">{{_('Learn hang-up')}}</button></div>
    </form>
    <p class="hint">{{_('A test seizes the line and calls nobody. While a call is up it is refused.')}}</p>
% end
    <div data-region="lines">
% include('live/box_lines.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="trunks-title">
    <h2 id="trunks-title">{{_('SIP trunks')}}</h2>
    <div data-region="trunks">
% include('live/box_trunks.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="phones-title">
    <div class="row apart"><h2 id="phones-title">{{_('Telephones')}}</h2><button class="small" form="act" formaction="/box/provision">{{_('Re-provision')}}</button></div>
    <p class="hint">{{_('Re-provision pushes the telephones and trunks into the SIP edge once more. No call is dropped.')}}</p>
    <div data-region="phones">
% include('live/box_phones.tpl')
    </div>
  </section>
  <section class="card" aria-labelledby="machine-title">
    <h2 id="machine-title">{{_('The machine')}}</h2>
    <div data-region="machine">
% include('live/box_machine.tpl')
    </div>
  </section>
  <section class="card half" aria-labelledby="sheet-title">
    <h2 id="sheet-title">{{_('Acceptance sheet')}}</h2>
    <p class="hint">{{_('A PDF with the state of the box, its last tests and test calls, and room to sign.')}}</p>
    <form method="post" action="/box/acceptance.pdf" class="stack">
      <input type="hidden" name="csrf" value="{{visit.csrf}}">
% include('field.tpl', name='by', label=_('Installed and tried by'), value=visit.person.name, errors={}, more={'maxlength': '60'})
% include('field.tpl', name='customer', label=_('Taken over by'), value='', errors={}, more={'maxlength': '60'})
% include('field.tpl', name='remark', label=_('Remarks'), value='', errors={}, more={'maxlength': '1000'})
      <div class="row end"><button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Make the sheet')}}</button></div>
    </form>
  </section>
  <section class="card half" aria-labelledby="support-title">
    <h2 id="support-title">{{_('Support bundle')}}</h2>
    <p class="hint">{{_('A ZIP for whoever helps from elsewhere: versions, settings without names and secrets, health, counts and the last journal lines. No numbers, no names, no addresses.')}}</p>
    <form method="post" action="/box/support.zip"><input type="hidden" name="csrf" value="{{visit.csrf}}">
      <div class="row end"><button><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#download"></use></svg>{{_('Make the bundle')}}</button></div>
    </form>
  </section>
</div>
