// Prepared answers to read aloud, and the contact's card where the agent may change it.

import { _, ngettext } from './words.js';
import { onMessage, refresh } from './live.js';
import { post, say, speak } from './desk.js';
import { onKey } from './desk_keys.js';

const desk = document.getElementById('desk');

// -- prepared answers --------------------------------------------------------------------------------------------

const box = document.getElementById('snippets');
const search = document.getElementById('snippet-search');
const list = document.getElementById('snippet-list');
const count = document.getElementById('snippet-count');
const shown = document.getElementById('snippet-shown');
const SHOWN = 30;
let known = [];

async function load() {
  try {
    const answer = await fetch('/desk/snippets.json');
    if (!answer.ok) throw new Error(answer.statusText);
    known = (await answer.json()).snippets;
    const own = document.documentElement.lang;
    known.sort((a, b) => (b.language === own) - (a.language === own));
    offer();
  } catch {
    count.textContent = _('The box does not answer. Try again.');
  }
}

function offer() {
  const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = known.filter((each) => {
    const text = `${each.part} ${each.title} ${each.text}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  count.textContent = ngettext('{count} answer', '{count} answers', found.length);
  list.replaceChildren(...found.slice(0, SHOWN).map((each) => {
    const row = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = [each.part, each.title].filter(Boolean).join(': ');
    const tag = document.createElement('span');
    tag.className = 'tag';
    tag.textContent = each.language.toUpperCase();
    button.append(' ', tag);
    button.addEventListener('click', () => show(each));
    row.append(button);
    return row;
  }));
}

function show(snippet) {
  document.getElementById('snippet-title').textContent = snippet.title;
  const text = document.getElementById('snippet-text');
  text.textContent = snippet.text;
  text.lang = snippet.language;
  shown.hidden = false;
  shown.focus();
}

async function copy() {
  const text = document.getElementById('snippet-text');
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch { // without TLS there is no clipboard for pages: mark the text and let the browser copy it
    getSelection().selectAllChildren(text);
    document.execCommand('copy');
  }
  speak(_('Copied.'));
}

box.addEventListener('toggle', () => { if (box.open) { load(); search.focus(); } });
search.addEventListener('input', offer);
search.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  list.querySelector('button')?.click();
});
document.getElementById('snippet-copy').addEventListener('click', copy);

onKey('answers', () => { if (box.open) search.focus(); else box.open = true; });

// -- the contact's card --------------------------------------------------------------------------------------------

const edit = document.getElementById('card-edit');
const form = document.getElementById('card-form');
const rows = document.getElementById('card-fields');
const mistake = document.getElementById('card-mistake');
let card = null;
let open = null; // the contact the form is about, with the values seen

function take(next) {
  const before = card?.contact;
  card = next.card ?? null;
  if (open && card?.contact !== open.contact) close();
  if (before !== card?.contact && box.open) load();
}

function close() {
  open = null;
  edit.hidden = true;
  say(mistake, '');
}

function begin() {
  if (!card) return;
  open = { contact: card.contact, seen: Object.fromEntries(card.fields.map((each) => [each.column, each.value])) };
  say(mistake, '');
  rows.replaceChildren(...card.fields.map((each, n) => {
    const row = document.createElement('div');
    row.className = 'field';
    const label = document.createElement('label');
    label.textContent = each.label;
    label.htmlFor = `card-${n}`;
    const input = document.createElement('input');
    Object.assign(input, { id: `card-${n}`, value: each.value, maxLength: 2000, type: each.kind === 'phone' ? 'tel' : 'text' });
    input.dataset.column = each.column;
    row.append(label, input);
    return row;
  }));
  edit.hidden = false;
  rows.querySelector('input').focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const changes = {};
  for (const input of rows.querySelectorAll('input')) {
    const { column } = input.dataset;
    if (input.value.trim() !== open.seen[column]) changes[column] = [open.seen[column], input.value];
  }
  if (!Object.keys(changes).length) { close(); return; }
  try {
    const answer = await post('/desk/edit_contact', { contact: open.contact, changes: JSON.stringify(changes) });
    if (answer.status === 200) {
      close();
      speak(_('The contact is saved.'));
      refresh();
      document.dispatchEvent(new Event('contact-changed')); // texts name the contact
      document.getElementById('b-card')?.focus();
      return;
    }
    // Whoever saves once more has read what stands there now.
    Object.assign(open.seen, answer.current ?? {});
    say(mistake, answer.problems);
  } catch {
    say(mistake, _('The box does not answer. Try again.'));
  }
});

document.getElementById('card-close').addEventListener('click', close);
document.addEventListener('click', (event) => { if (event.target.closest('#b-card')) begin(); });

onMessage((message) => { if (message.desk) take(message.desk); });
take(JSON.parse(desk.dataset.desk));
