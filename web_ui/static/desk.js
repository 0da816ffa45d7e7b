// The agent's desk: buttons, keys, focus, and a result that is kept here until the box has it.
// What is shown comes from the stream (live.js); this file adds what a person does.

import { _, formToken, ngettext } from './words.js';
import { onMessage, serverNow } from './live.js';
import { actionOf, onKey, useKeys } from './desk_keys.js';

const desk = document.getElementById('desk');
const callbar = document.getElementById('callbar');
const panel = document.getElementById('result');
const form = document.getElementById('result-form');
const callback = document.getElementById('callback');
const there = document.getElementById('callback-there');
const proposal = document.getElementById('callback-proposal');
const refused = document.getElementById('refused');
const kept = document.getElementById('kept');
const told = document.getElementById('told');
const mistake = document.getElementById('result-mistake');
const left = document.getElementById('wrap-up-left');
const park = document.getElementById('b-park');
const byHand = document.getElementById('by-hand');
const byHandForm = document.getElementById('by-hand-form');
const byHandMistake = document.getElementById('by-hand-mistake');
const title = document.title;
const DRAFT = `strowger.draft.${desk.dataset.user}`;
const PENDING = `strowger.pending.${desk.dataset.user}`;
const AGAIN_MS = 3000;

let now = { state: null, attempt: null };

/** What has to be with the box before a result is: functions of the attempt, awaited one after the other. */
export const beforeResult = [];

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* storage full or switched off: the page still works, it only forgets on reload */ }
}

export function recall(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

export function say(element, texts) {
  element.textContent = [].concat(texts).join(' ');
  element.hidden = !element.textContent;
}

export function speak(text) {
  document.getElementById('spoken').textContent = text;
}

// -- asking the box -------------------------------------------------------------------------------------------

export async function post(path, fields) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'X-Form-Token': formToken }, body: new URLSearchParams(fields),
  });
  if (answer.status === 401 || answer.status === 403) return { status: answer.status, problems: [_('Your session is over. Log in again; your result is kept here.')] };
  return { status: answer.status, ...(await answer.json()) };
}

async function ask(action, fields = {}) {
  say(refused, '');
  try {
    const answer = await post(`/desk/${action}`, fields);
    if (answer.status !== 200) say(refused, answer.problems);
    return answer.status === 200;
  } catch {
    say(refused, _('The box does not answer. Try again.'));
    return false;
  }
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-do]');
  if (!button || button.getAttribute('aria-disabled') === 'true') return;
  const { do: action, reason, digits, attempt, said, wish, kind, id, blind, up } = button.dataset;
  button.closest('[popover]')?.hidePopover();
  if (action !== 'digits') button.setAttribute('aria-disabled', 'true');
  const fields = said ? { attempt, said } : reason ? { reason } : digits ? { digits } : attempt ? { attempt }
    : wish ? { wish } : kind ? { kind, id, blind } : id ? { id } : up !== undefined ? { up } : {};
  if (action === 'hang_up') hangingUp = true;
  const done = await ask(action, fields);
  if (action === 'hang_up' && !done) hangingUp = saveOnceOver = false;
  if (done && said) noted(said);
  button.removeAttribute('aria-disabled');
});

/** Show what was said; the box keeps every word, the last one counts. */
function noted(said) {
  for (const each of document.querySelectorAll('[data-said]')) each.setAttribute('aria-pressed', String(each.dataset.said === said));
  speak(said === 'machine' ? _('Noted: a machine.') : _('Noted: a person.'));
}

// -- the result ---------------------------------------------------------------------------------------------

let hangingUp = false; // asked for, and the box has not said yet that the call is over
let saveOnceOver = false; // the result was saved in between

const chosen = () => form.querySelector('[name=code]:checked');

function showCallback() {
  const wanted = Boolean(chosen() && (now.callbacks ?? []).includes(chosen().value));
  callback.hidden = !wanted;
  if (wanted && !form.day.value) setCallback(24, '10:00');
  showThere();
}

/** The moment that the clock of a zone shows this day and time; an hour that is there twice is its first. */
function momentIn(zone, day, time) {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const shown = (at) => Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}Z`);
  const first = wanted - (shown(wanted) - wanted);
  return first + (wanted - shown(first));
}

/** What the contact's own clock shows at the time chosen, where that is another. */
function showThere() {
  const office = document.documentElement.dataset.zone;
  there.textContent = '';
  if (!now.zone || now.zone === office || !form.day.value || !form.time.value) return;
  const at = new Date(momentIn(office, form.day.value, form.time.value));
  const language = document.documentElement.lang;
  const style = { dateStyle: 'medium', timeStyle: 'short' };
  const [here, local] = [office, now.zone].map((zone) => at.toLocaleString(language, { ...style, timeZone: zone }));
  if (local !== here) there.textContent = _('There: {moment} ({zone})', { moment: local, zone: now.zone });
}

proposal.addEventListener('click', () => {
  [form.day.value, form.time.value] = proposal.dataset.local.split('T');
  proposal.hidden = true;
  say(mistake, '');
  showThere();
  remember(DRAFT, typed());
  form.day.focus();
});

/** Offer the next time at which the person may be called. */
function propose(answer) {
  proposal.hidden = !answer.proposal;
  if (!answer.proposal) return;
  proposal.dataset.local = answer.proposal;
  proposal.textContent = _('Take {moment}', { moment: answer.proposed });
}

/** So many hours from now by the clock of the office, which need not be this computer's. */
function setCallback(hours, time) {
  const zone = document.documentElement.dataset.zone;
  const there = new Date((serverNow() + hours * 3600) * 1000).toLocaleString('sv-SE', { timeZone: zone });
  [form.day.value, form.time.value] = [there.slice(0, 10), time ?? there.slice(11, 16)];
}

function typed() {
  return {
    attempt: now.attempt,
    code: chosen()?.value ?? '',
    note: form.note.value,
    do_not_call: form.do_not_call.checked ? '1' : '',
    kind: form.kind.value,
    callback: callback.hidden || !form.day.value ? '' : `${form.day.value}T${form.time.value || '09:00'}`,
  };
}

function restore(draft) {
  form.reset();
  proposal.hidden = true;
  say(mistake, '');
  if (draft) {
    const radio = [...form.querySelectorAll('[name=code]')].find((each) => each.value === draft.code);
    if (radio) radio.checked = true;
    form.note.value = draft.note ?? '';
    form.do_not_call.checked = Boolean(draft.do_not_call);
    form.kind.value = draft.kind || 'personal';
    [form.day.value, form.time.value] = (draft.callback || 'T').split('T');
  }
  showCallback();
}

form.addEventListener('input', () => { showCallback(); say(mistake, ''); remember(DRAFT, typed()); });
form.addEventListener('click', (event) => {
  const { inHours, tomorrow } = event.target.dataset;
  if (inHours) setCallback(Number(inHours));
  if (tomorrow) setCallback(24, tomorrow);
  if (inHours || tomorrow) { showThere(); remember(DRAFT, typed()); }
});

/** Choose the first result that promises a callback, where the campaign has one. */
function chooseCallback() {
  const first = [...form.querySelectorAll('[name=code]')].find((each) => (now.callbacks ?? []).includes(each.value));
  if (first) { first.checked = true; showCallback(); }
  return first;
}

park.addEventListener('click', () => {
  if (!chooseCallback()) return;
  form.kind.value = 'personal';
  setCallback(1);
  form.dispatchEvent(new Event('input'));
  form.note.focus();
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (hangingUp) { saveOnceOver = true; return; }
  if (now.state !== 'wrap_up') { say(mistake, _('The call is still on. Hang up first, then save.')); return; }
  const result = typed();
  if (!result.code && result.do_not_call) [result.code = ''] = now.never_again ?? [];
  if (!result.code) { say(mistake, _('Choose a result.')); return; }
  if (!callback.hidden && !result.callback) { say(mistake, _('Choose the day and the time of the callback.')); return; }
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  remember(PENDING, { ...result, key });
  deliver({ ...result, key });
});

let delivering = false;
let delivered = null; // the last attempt whose result the box has

/** Send a kept result until the box has acknowledged or refused it. */
async function deliver(result) {
  if (delivering) return;
  delivering = true;
  try {
    for (const each of beforeResult) await each(result.attempt);
    const answer = await post('/desk/wrap_up', result);
    if (answer.status === 200) {
      delivered = result.attempt;
      remember(PENDING, null);
      remember(DRAFT, null);
      say(kept, '');
    } else if (answer.status === 409 || answer.status === 422 || answer.status === 400) {
      remember(PENDING, null);
      say(kept, '');
      say(now.attempt === result.attempt ? mistake : refused, answer.problems);
      if (now.attempt === result.attempt) propose(answer);
    } else {
      later(result);
    }
  } catch {
    later(result);
  } finally {
    delivering = false;
  }
}

function later(result) {
  say(kept, _('The result is kept in this browser and is sent again by itself.'));
  setTimeout(() => deliver(result), AGAIN_MS);
}

// -- what the box tells -----------------------------------------------------------------------------------------

let cut = null; // the call during which the box was restarted, until its result is saved
const codes = form.querySelector('.codes');
let ofCall = { codes: [], name: '' };

/** A call that a restart of the box cut off: its result can still be given, and what was written is still there. */
function orCutOff(before, next) {
  if (before.state === 'talking' && before.attempt && next.state === 'logged_out' && !next.attempt) {
    cut = { attempt: before.attempt, callbacks: before.callbacks, never_again: before.never_again, zone: before.zone };
    delete codes.dataset.region;
    codes.replaceChildren(...ofCall.codes);
    const draft = recall(DRAFT);
    restore(draft?.attempt === cut.attempt ? draft : null);
    say(told, _('The box was restarted, and the call with {name} was cut off. What you wrote is still here: choose the result and save it.', { name: ofCall.name }));
  }
  if (cut && (next.attempt || delivered === cut.attempt)) { cut = null; codes.dataset.region = 'codes'; codes.replaceChildren(); }
  if (next.attempt) ofCall = { codes: [...codes.children].map((each) => each.cloneNode(true)), name: callbar.querySelector('h2')?.textContent ?? '' };
  return cut ? { ...next, ...cut, state: 'wrap_up', ends_at: null } : next;
}

function take(heard) {
  const before = now;
  const next = orCutOff(before, heard);
  now = next;
  const working = next.state === 'talking' || next.state === 'wrap_up';
  panel.hidden = !working || Boolean(next.assists);
  park.hidden = !(next.callbacks ?? []).length;
  useKeys(next.keys);
  desk.classList.toggle('in-call', working || next.state === 'reserved');
  if (next.attempt !== before.attempt) {
    const byItself = before.state === 'wrap_up' && before.attempt !== delivered && !delivering;
    say(told, byItself ? _('The time for the wrap-up was over; the automatic result was saved.') : '');
    const draft = recall(DRAFT);
    restore(draft && draft.attempt === next.attempt ? draft : null);
  }
  if (next.state !== 'talking') hangingUp = false;
  if (saveOnceOver && next.state === 'wrap_up') { saveOnceOver = false; form.requestSubmit(); }
  left.hidden = !(next.state === 'wrap_up' && next.ends_at);
  if (next.ends_at) document.getElementById('wrap-up-timer').dataset.until = next.ends_at;
  document.title = next.state === 'talking' ? `☎ ${next.spoken} · ${title}` : title;
  byHand.hidden = !next.by_hand;
  const newRecord = (next.offer && next.offer !== before.offer) || (next.asked && next.asked !== before.asked);
  if (before.state !== null && (next.state !== before.state || next.held !== before.held || newRecord)) {
    speak(next.spoken);
    if (newRecord) callbar.focus();
    else moveFocus(before.state, next.state);
  }
  if (next.machine && next.machine !== before.machine) speak(next.machine);
}

function moveFocus(before, after) {
  if (before === after) return;
  if (after === 'talking') callbar.focus();
  else if (after === 'wrap_up' && !panel.contains(document.activeElement)) panel.focus();
  else if (before === 'wrap_up') (document.getElementById('b-pause') ?? document.getElementById('b-ready'))?.focus();
}

// -- whom to ask in ---------------------------------------------------------------------------------------------

const whom = document.getElementById('whom');

/** One button that asks somebody in, or hands the customer over at once. */
function askButton(text, kind, id, blind) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = text;
  Object.assign(button.dataset, { do: 'consult', kind, id, blind });
  return button;
}

whom.addEventListener('toggle', async (event) => {
  if (event.newState !== 'open') return;
  whom.replaceChildren();
  const answer = await fetch('/desk/whom.json');
  const known = answer.ok ? await answer.json() : {};
  const people = [
    ...(known.colleagues ?? []).map((each) => ['agent', each]),
    ...(known.destinations ?? []).map((each) => ['destination', each]),
  ];
  for (const [kind, each] of people) {
    const { ask: askWord, send } = whom.dataset;
    whom.append(askButton(`${each.name}: ${askWord}`, kind, each.id, ''), askButton(`${each.name}: ${send}`, kind, each.id, '1'));
  }
  if (!people.length) whom.textContent = whom.dataset.nobody;
  whom.querySelector('button')?.focus();
});

// -- records to look at, and numbers typed by hand ----------------------------------------------------------------

const ANNOUNCED_S = [30, 10, 5];
let announced = null;

/** Say how long there is still to decide, a few times only. */
function announce() {
  const dials = now.dials_at !== null && now.dials_at !== undefined;
  const until = now.dials_at ?? now.goes_back_at;
  if (!until) { announced = null; return; }
  const left = until - serverNow();
  const mark = ANNOUNCED_S.filter((each) => left <= each).at(-1) ?? null;
  if (mark === null || left <= 0) return;
  const key = `${until} ${mark}`;
  if (key === announced) return;
  announced = key;
  const count = Math.ceil(left);
  speak(dials
    ? ngettext('The box dials in {count} second.', 'The box dials in {count} seconds.', count)
    : ngettext('The record goes back in {count} second.', 'The record goes back in {count} seconds.', count));
}

setInterval(announce, 1000);

byHandForm.addEventListener('submit', async (event) => {
  event.preventDefault();
  say(byHandMistake, '');
  const button = byHandForm.querySelector('button');
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const fields = { campaign_id: byHandForm.campaign_id.value, number: byHandForm.number.value };
    const answer = await post('/desk/dial_number', fields);
    if (answer.status === 200) byHandForm.number.value = '';
    else say(byHandMistake, answer.problems);
  } catch {
    say(byHandMistake, _('The box does not answer. Try again.'));
  } finally {
    button.removeAttribute('aria-disabled');
  }
});

onMessage((message) => { if (message.desk) take(message.desk); });
take(JSON.parse(desk.dataset.desk));
const pending = recall(PENDING);
if (pending) deliver(pending);

// -- keys -----------------------------------------------------------------------------------------------------

const press = (...ids) => document.getElementById(ids.find((id) => document.getElementById(id)))?.click();

onKey('take', () => press('b-accept', 'b-dial', 'b-next'));
onKey('ready', readyOrPause);
onKey('hold', () => press('b-hold', 'b-toggle'));
onKey('hang_up', () => press('b-hang-up'));
onKey('mute', () => press('phone-mute'));
onKey('leave', () => press('b-leave'));
onKey('ask', () => (document.getElementById('b-whom') ? press('b-whom') : skip()));
onKey('back', () => press('b-decline', 'b-reject'));
onKey('machine', () => press('b-machine'));
onKey('person', () => press('b-person'));

function skip() {
  press('b-skip');
  document.querySelector('#skip-reasons:popover-open button')?.focus();
}

function readyOrPause() {
  if (document.getElementById('b-ready')) press('b-ready');
  else if (now.state === 'logged_out') press('b-log-in');
  else ask('pause', { reason: 'break' });
}

panel.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches('textarea, input[type=date], input[type=time]')) return;
  const radio = form.querySelector(`[name=code][data-digit="${CSS.escape(event.key)}"]`);
  const action = actionOf(event);
  if (radio && /^[1-9]$/.test(event.key)) {
    radio.checked = true;
    radio.focus();
    form.dispatchEvent(new Event('input'));
  } else if (action === 'note') {
    form.note.focus();
  } else if (action === 'callback') {
    if (chooseCallback()) form.day.focus();
  } else if (action === 'park') {
    park.click();
  } else if (event.key === 'Enter' && !event.target.matches('button, input')) {
    form.requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
});
