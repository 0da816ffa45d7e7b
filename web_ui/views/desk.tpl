% rebase('base.tpl', title=_('Agent desk'), scripts=['live.js', 'desk.js', 'desk_script.js', 'desk_help.js', 'desk_tone.js', 'phone.js', 'dial_link.js'], layout='desk-page')
<h1 class="sr">{{_('Agent desk')}}</h1>
<noscript><div class="note refused"><p>{{_('The desk follows your calls by a script. Allow scripts for this page in your browser.')}}</p></div></noscript>
<div class="desk" id="desk" data-live="/live/desk" data-user="{{visit.person.id}}" data-desk="{{facts}}">
  <section class="statusbar card" aria-label="{{_('My state')}}" data-region="status">
% include('live/desk_status.tpl')
  </section>
  <section class="phone card" id="phone" data-user="{{visit.person.id}}" data-state="off" aria-label="{{_('Telephone')}}">
    <div class="row apart">
      <p id="phone-words" role="status">{{_('Calls go to your telephone on the desk.')}}</p>
      <div class="row">
        <button type="button" class="small" id="phone-mute" aria-keyshortcuts="{{keys.shortcut('mute')}}" aria-pressed="false" hidden>{{_('Mute')}} <kbd>{{keys.hint('mute')}}</kbd></button>
        <button type="button" class="small" id="tones" aria-pressed="true" title="{{_('A tone when a call or a record comes, another one for callbacks')}}">{{_('Tones')}}</button>
        <button type="button" class="small" popovertarget="keys" id="b-keys">{{_('Keys')}}</button>
        <button type="button" class="small" id="phone-use" aria-pressed="false">{{_('Telephone in this browser')}}</button>
      </div>
    </div>
    <details id="phone-settings"><summary>{{_('Microphone, loudspeaker, sound check')}}</summary><div class="stack">
      <div class="row" id="phone-devices" hidden>
        <div class="field"><label for="phone-microphone">{{_('Microphone')}}</label><select id="phone-microphone"></select></div>
        <div class="field"><label for="phone-speaker">{{_('Loudspeaker')}}</label><select id="phone-speaker"></select></div>
        <div class="field"><label for="phone-level">{{_('Level')}}</label><meter id="phone-level" min="-60" max="0" low="-50" high="-6" optimum="-20" value="-60"></meter></div>
      </div>
      <div class="row"><button type="button" class="small" id="phone-check" aria-pressed="false">{{_('Sound check')}}</button><p class="hint" id="phone-check-words" role="status"></p></div>
      <p class="hint" id="phone-path"></p>
      <div class="row"><button type="button" class="small quiet" id="tel-links" hidden>{{_('Open telephone links of other pages here')}}</button><p class="hint" id="tel-links-words" role="status" hidden>{{_('The browser asks once. Then a telephone number clicked in another page stands here, ready to be dialled.')}}</p></div>
    </div></details>
    <audio id="phone-sound" autoplay></audio>
  </section>
  <p class="note refused" id="refused" role="alert" hidden></p>
  <p class="note plain" id="kept" role="status" hidden></p>
  <p class="note plain" id="told" role="status" hidden></p>
  <section aria-label="{{_('Supervisor')}}" data-region="floor" id="floor">
% include('live/desk_floor.tpl')
  </section>
  <div class="drop reasons" id="whom" popover aria-label="{{_('Ask or hand over')}}" data-ask="{{_('Ask')}}" data-send="{{_('Hand over at once')}}" data-nobody="{{_('Nobody can be asked right now.')}}"></div>
  <div class="drop key-list" id="keys" popover aria-label="{{_('Keys')}}">
    <dl class="facts">
% for action in about_keys.DELIVERED:
      <dt><kbd>{{keys.hint(action) or '–'}}</kbd></dt><dd>{{_(about_keys.name(action))}}</dd>
% end
      <dt><kbd>1</kbd>–<kbd>9</kbd></dt><dd>{{_('Choose the result')}}</dd>
    </dl>
    <p><a href="/desk/keys">{{_('Change the keys')}}</a></p>
  </div>
  <section class="callbar card" id="callbar" tabindex="-1" aria-label="{{_('Call')}}" data-region="call">
% include('live/desk_call.tpl')
  </section>
  <div class="desk-grid">
    <div class="desk-side">
    <section class="card contact" aria-label="{{_('Contact')}}" data-region="contact" id="contact">
% include('live/desk_contact.tpl')
    </section>
    <section class="card" id="card-edit" aria-labelledby="card-title" hidden>
      <form id="card-form" class="stack" autocomplete="off" novalidate>
        <h2 id="card-title">{{_('Change the contact')}}</h2>
        <div id="card-fields" class="stack"></div>
        <p class="mistake" id="card-mistake" role="alert" hidden></p>
        <div class="row"><button>{{_('Save the contact')}}</button><button class="quiet" type="button" id="card-close">{{_('Close')}}</button></div>
      </form>
    </section>
    <details class="card snippets" id="snippets"><summary>{{_('Prepared answers')}} <kbd>{{keys.hint('answers')}}</kbd></summary>
      <div class="stack">
        <div class="field"><label for="snippet-search">{{_('Search')}}</label><input id="snippet-search" type="search" maxlength="80" autocomplete="off"></div>
        <p class="hint" id="snippet-count" role="status"></p>
        <ul class="snippet-list" id="snippet-list"></ul>
        <section id="snippet-shown" tabindex="-1" aria-labelledby="snippet-title" hidden>
          <h3 id="snippet-title"></h3><div class="aloud" id="snippet-text"></div>
          <button class="small" type="button" id="snippet-copy">{{_('Copy')}}</button>
        </section>
      </div>
    </details>
    </div>
    <div class="desk-main">
    <section class="card script" id="script" tabindex="-1" aria-labelledby="script-title" hidden>
      <div class="row apart"><h2 id="script-title">{{_('Script')}} <kbd>{{keys.hint('script')}}</kbd></h2><p class="muted" id="script-kept" role="status"></p></div>
      <div id="script-step" class="stack"></div>
      <div class="row script-ways" id="script-ways" role="group" aria-label="{{_('Where to go on')}}"></div>
    </section>
    <section class="card result" id="result" tabindex="-1" aria-labelledby="result-title" hidden>
      <form id="result-form" class="stack" autocomplete="off" novalidate>
        <div class="row apart"><h2 id="result-title">{{_('Result')}}</h2><p class="muted" id="wrap-up-left" hidden>{{_('automatic result in')}} <time class="timer" id="wrap-up-timer"></time></p></div>
        <fieldset><legend class="sr">{{_('Result')}}</legend><div class="codes" data-region="codes">
% include('live/desk_codes.tpl')
        </div></fieldset>
        <fieldset id="callback" hidden><legend>{{_('Call again')}}</legend>
          <div class="row">
            <input type="date" name="day" aria-label="{{_('Day of the callback')}}">
            <input type="time" name="time" aria-label="{{_('Time of the callback')}}">
          </div>
          <div class="row quick"><button class="small" type="button" data-in-hours="1">{{_('in 1 hour')}}</button><button class="small" type="button" data-tomorrow="10:00">{{_('tomorrow 10:00')}}</button><button class="small" type="button" data-tomorrow="16:00">{{_('tomorrow 16:00')}}</button></div>
          <p class="hint">{{_('By the clock of the office.')}} <span id="callback-there"></span></p>
          <div class="row" role="group" aria-label="{{_('Who calls')}}">
            <label class="tick"><input type="radio" name="kind" value="{{'personal'}}" checked><span>{{_('I call myself')}}</span></label>
            <label class="tick"><input type="radio" name="kind" value="{{'team'}}"><span>{{_('Anybody of the team')}}</span></label>
          </div>
          <button class="small" type="button" id="callback-proposal" hidden></button>
        </fieldset>
        <div class="field"><label for="note">{{_('Note')}} <kbd>{{keys.hint('note')}}</kbd></label><textarea id="note" name="note" aria-keyshortcuts="{{keys.shortcut('note')}}" rows="3" maxlength="4000"></textarea></div>
        <label class="tick"><input type="checkbox" name="do_not_call" value="1"><span>{{_('Do not call this person again')}}</span></label>
        <p class="hint" id="script-missing" role="status" hidden></p>
        <p class="mistake" id="result-mistake" role="alert" hidden></p>
        <button class="primary wide big" id="save">{{_('Save, next call')}} <kbd aria-hidden="true">↵</kbd></button>
        <button class="quiet wide" type="button" id="b-park" aria-keyshortcuts="{{keys.shortcut('park')}}" hidden>{{_('Park: call again myself')}} <kbd>{{keys.hint('park')}}</kbd></button>
      </form>
    </section>
    </div>
    <section class="card" id="by-hand" aria-labelledby="by-hand-title" hidden>
      <form id="by-hand-form" class="stack" autocomplete="off" novalidate>
        <h2 id="by-hand-title">{{_('Dial a number')}}</h2>
        <div class="field"><label for="by-hand-campaign">{{_('Campaign')}}</label><select id="by-hand-campaign" name="campaign_id" data-region="by_hand">
% include('live/desk_by_hand.tpl')
        </select></div>
        <div class="field"><label for="by-hand-number">{{_('Telephone number')}}</label><input id="by-hand-number" name="number" type="tel" maxlength="40" aria-describedby="by-hand-hint"><p class="hint" id="by-hand-hint">{{_('The same rules hold as for every call of the campaign.')}}</p></div>
        <p class="mistake" id="by-hand-mistake" role="alert" hidden></p>
        <button class="wide">{{_('Dial')}}</button>
      </form>
    </section>
    <section class="idle" data-region="idle">
% include('live/desk_idle.tpl')
    </section>
  </div>
</div>
