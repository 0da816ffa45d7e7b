// The script at the desk: its steps, what is typed into its fields, and where in it the agent is.
// What is typed is kept here at once and with the box a moment later; nothing of it stands in the way of a result.

import { _ } from './words.js';
import { onMessage } from './live.js';
import { beforeResult, post, recall, remember, say } from './desk.js';
import { onKey } from './desk_keys.js';

const desk = document.getElementById('desk');
const section = document.getElementById('script');
const body = document.getElementById('script-step');
const ways = document.getElementById('script-ways');
const keptWords = document.getElementById('script-kept');
const missing = document.getElementById('script-missing');
const PLACE = `strowger.script.${desk.dataset.user}`;
const WAITING = `strowger.answers.${desk.dataset.user}`;
const AGAIN_MS = 3000;
const SOON_MS = 800;
const UID = /^[0-9A-Z]{26}$/;

let wanted = null; // about whom, and which version
let script = null; // as the box told it
let at = null; // { about, version, contact, step, path, answers, seq }
let deskState = null;
let soon = null;

const faults = {
  not_a_number: () => _('This is no number.'), not_a_date: () => _('This is no date.'),
  not_a_choice: () => _('This is none of the answers.'), not_yes_or_no: () => _('This is none of the answers.'),
};

function element(name, text = '', more = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
  return made;
}

// -- loading ---------------------------------------------------------------------------------------------------

function take(next) {
  deskState = next.state;
  const key = next.script ? `${next.script.about}/${next.script.version}` : null;
  if (key !== wanted) {
    wanted = key;
    if (key) load(key, next.script.contact);
    else { script = null; section.hidden = true; }
  }
  showMissing();
}

async function load(key, contact) {
  try {
    const answer = await fetch('/desk/script.json');
    if (key !== wanted) return;
    if (answer.status === 409) { section.hidden = true; return; }
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    if (`${told.about}/${told.version}` !== key) throw new Error('another call');
    begin(told, contact);
  } catch {
    setTimeout(() => { if (key === wanted) load(key, contact); }, AGAIN_MS);
  }
}

function begin(told, contact) {
  const { about, version, step, path, answers, seq } = told;
  const fresh = { about, version, contact, step, path, answers, seq };
  const kept = recall(PLACE);
  const same = kept && kept.version === version && kept.about === about && kept.seq > seq;
  // A record that was looked at first: what was typed then belongs to its call.
  const before = kept && kept.version === version && !UID.test(kept.about) && kept.contact === contact && seq === 0 && contact;
  script = told;
  at = same ? kept : before && UID.test(about) ? { ...kept, about } : fresh;
  if (at !== fresh) keep();
  section.hidden = false;
  render(false);
}

// -- keeping ---------------------------------------------------------------------------------------------------

function changed() {
  at.seq = Math.max(at.seq + 1, Date.now());
  keep();
  showMissing();
}

function keep() {
  remember(PLACE, at);
  if (!UID.test(at.about)) return;
  remember(WAITING, { ...(recall(WAITING) ?? {}), [at.about]: at });
  clearTimeout(soon);
  soon = setTimeout(deliver, SOON_MS);
}

/** Send what the box does not have yet; what it refuses is not sent again. */
async function deliverOne(attempt) {
  const state = (recall(WAITING) ?? {})[attempt];
  if (!state) return;
  const answer = await post('/desk/answer', {
    attempt, version: state.version, step: state.step, seq: state.seq,
    path: JSON.stringify(state.path), answers: JSON.stringify(state.answers),
  });
  if (answer.status >= 500 || answer.status === 401 || answer.status === 403) throw new Error('later');
  const waiting = recall(WAITING) ?? {};
  if (waiting[attempt]?.seq === state.seq) { delete waiting[attempt]; remember(WAITING, waiting); }
  if (at?.about === attempt && answer.faults) showFaults(answer.faults);
  if (at?.about === attempt) keptWords.textContent = _('Saved');
}

async function deliver() {
  clearTimeout(soon);
  try {
    for (const attempt of Object.keys(recall(WAITING) ?? {})) await deliverOne(attempt);
  } catch {
    if (at) keptWords.textContent = _('Kept in this browser');
    soon = setTimeout(deliver, AGAIN_MS);
  }
}

// A result waits for its answers, so that both are told together, but not for a box that does not take them.
beforeResult.push((attempt) => deliverOne(attempt).catch(() => {}));
document.addEventListener('contact-changed', () => { if (wanted) load(wanted, at?.contact); });

// -- showing ---------------------------------------------------------------------------------------------------

const stepNow = () => script.steps.find((each) => each.id === at.step);

function paragraphs(text) {
  return text.split(/\n{2,}/).filter(Boolean).map((part) => {
    const made = element('p', '', { class: 'aloud' });
    part.split('\n').forEach((line, n) => { if (n) made.append(document.createElement('br')); made.append(line); });
    return made;
  });
}

function control(field) {
  const value = at.answers[field.id] ?? '';
  const choices = field.kind === 'yes_no' ? [['yes', _('yes')], ['no', _('no')]] : field.choices.map((each) => [each, each]);
  if (field.kind === 'choice' || field.kind === 'yes_no') {
    const made = element('select');
    made.append(element('option', '–', { value: '' }), ...choices.map(([key, text]) => element('option', text, { value: key })));
    made.value = value;
    return made;
  }
  const kinds = { date: 'date' };
  const made = element('input', '', { type: kinds[field.kind] ?? 'text', maxlength: '2000' });
  if (field.kind === 'number') made.inputMode = 'decimal';
  made.value = value;
  return made;
}

function fieldRow(field) {
  const made = element('div', '', { class: 'field' });
  const input = control(field);
  input.id = `answer-${field.id}`;
  input.dataset.field = field.id;
  input.setAttribute('aria-describedby', `fault-${field.id}`);
  if (field.required) input.setAttribute('aria-required', 'true');
  const label = element('label', field.required ? _('{label} (required)', { label: field.label }) : field.label, { for: input.id });
  made.append(label, input, element('p', '', { class: 'mistake', id: `fault-${field.id}`, hidden: '' }));
  return made;
}

function way(text, key, go, answer, primary) {
  const made = element('button', `${text} `, { type: 'button', 'data-way': key });
  if (primary) made.className = 'primary';
  made.append(element('kbd', key, { 'aria-hidden': 'true' }));
  made.addEventListener('click', () => onward(go, answer));
  return made;
}

function render(moved) {
  const step = stepNow();
  body.replaceChildren();
  ways.replaceChildren();
  keptWords.textContent = '';
  if (step) {
    body.append(element('h3', step.heading), ...paragraphs(step.text), ...step.fields.map(fieldRow));
    const chosen = at.answers[`step:${step.id}`];
    if (step.branches.length) ways.append(...step.branches.map((each, n) => way(each.label, String(n + 1), each.go, each.label, each.label === chosen)));
    else ways.append(way(step.next === 'end' ? _('End of the script') : _('Next'), '1', step.next, '', true));
  } else {
    body.append(element('p', _('The script has come to its end. Choose a result.')));
  }
  if (at.path.length) {
    const back = element('button', `${_('Back')} `, { type: 'button', class: 'quiet', 'data-way': '0' });
    back.append(element('kbd', '0', { 'aria-hidden': 'true' }));
    back.addEventListener('click', () => { at.step = at.path.pop(); changed(); render(true); });
    ways.append(back);
  }
  showMissing();
  if (moved) section.focus();
}

function onward(go, answer) {
  const key = `step:${at.step}`;
  if (answer) at.answers[key] = answer;
  at.path.push(at.step);
  at.step = go === 'end' ? '' : go;
  changed();
  render(true);
}

function showFaults(found) {
  for (const input of body.querySelectorAll('[data-field]')) {
    const fault = found[input.dataset.field];
    say(document.getElementById(`fault-${input.dataset.field}`), fault ? faults[fault]?.() ?? '' : '');
    if (fault) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
  }
}

/** Beside the result: which required fields of the steps gone through are empty. */
function showMissing() {
  const gone = script && at ? new Set([...at.path, at.step]) : new Set();
  const empty = script ? script.steps.filter((each) => gone.has(each.id)).flatMap((each) => each.fields)
    .filter((each) => each.required && !(at.answers[each.id] ?? '').trim()) : [];
  const shown = deskState === 'wrap_up' && empty.length;
  const text = shown ? _('Still empty in the script: {fields}. The result can be saved all the same.', { fields: empty.map((each) => each.label).join(', ') }) : '';
  if (missing.textContent !== text) say(missing, text);
}

body.addEventListener('input', (event) => {
  const { field } = event.target.dataset;
  if (!field) return;
  at.answers[field] = event.target.value;
  changed();
});

section.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.matches('input, select, textarea')) return;
  const button = /^[0-9]$/.test(event.key) && ways.querySelector(`[data-way="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

onKey('script', () => { if (!section.hidden) section.focus(); });

onMessage((message) => { if (message.desk) take(message.desk); });
take(JSON.parse(desk.dataset.desk));
deliver();
