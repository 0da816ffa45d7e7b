// Small comforts of every page: copy buttons, a word about a new password's strength, focus on what is wrong.
// Every page works without them.

import { _ } from './words.js';

const spoken = document.getElementById('spoken');

document.getElementById('mistakes')?.focus();

// A long menu begins where the page is.
const entry = document.querySelector('.menu-list [aria-current]');
const list = entry?.closest('.menu-list');
if (list) list.scrollTop = Math.max(0, entry.offsetTop - list.offsetTop - list.clientHeight / 2);

// What somebody was writing is not left for the next person at this computer; a result on its way is kept.
document.getElementById('log-out')?.form.addEventListener('submit', () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith('strowger.draft.')) localStorage.removeItem(key);
});

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const done = await copy(text);
    const label = button.querySelector('span');
    const before = label.textContent;
    label.textContent = spoken.textContent = done ? _('Copied') : _('Press Ctrl+C');
    setTimeout(() => { label.textContent = before; }, 2000);
  });
}

/** Copy text; the clipboard interface only exists on HTTPS, so a selection serves on a plain LAN. */
async function copy(text) {
  if (navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed: select instead */ }
  }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

const password = document.querySelector('[data-strength]');
if (password) {
  const said = document.getElementById('strength');
  const judge = () => {
    const text = password.value;
    const different = new Set(text.toLowerCase()).size;
    const short = 12 - [...text].length;
    const good = short <= 0 && different >= 8;
    said.classList.toggle('good', good);
    if (!text) said.textContent = '';
    else if (short > 0) said.textContent = _('{count} more characters', { count: short });
    else if (different < 5) said.textContent = _('Weak: too few different characters');
    else if (text.length >= 18 && different >= 8) said.textContent = _('Strong');
    else said.textContent = _('Good enough');
  };
  password.addEventListener('input', judge);
}

for (const field of document.querySelectorAll('[data-submit-on-change]')) {
  field.addEventListener('change', () => field.form.requestSubmit());
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
