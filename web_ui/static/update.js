// Uploads a bundle in pieces, and keeps the page's upper part up to date while an update is under way, through the restart.

import { _, formToken } from './words.js';

const form = document.getElementById('bundle');
const region = document.getElementById('update-now');
const LOOK_MS = 3000;

if (form) {
  const mistake = document.getElementById('bundle-mistake');
  const progress = document.getElementById('bundle-progress');
  const button = form.querySelector('button');
  const say = (text) => { mistake.textContent = text; mistake.hidden = !text; };
  const headers = { 'X-Form-Token': formToken };

  async function send(file) {
    const begun = await fetch('/update/begin', { method: 'POST', headers, body: new URLSearchParams({ size: file.size }) });
    const { upload, mistake: refused } = await begun.json();
    if (refused) return refused;
    const piece = Number(form.dataset.piece);
    for (let at = 0, tries = 0; at < file.size;) {
      try {
        const put = await fetch(`/update/piece/${upload}/${at}`, { method: 'POST', headers, body: file.slice(at, at + piece) });
        if (!put.ok) return _('The upload failed.');
        at = (await put.json()).have;
        tries = 0;
        progress.value = at / file.size;
      } catch {
        if (++tries > 5) return _('The connection broke during the upload. Try again.');
        await new Promise((passed) => setTimeout(passed, 1000 * tries));
      }
    }
    const offered = await fetch(`/update/offer/${upload}`, { method: 'POST', headers, body: new URLSearchParams({ name: file.name }) });
    if (!offered.ok) return _('The upload failed.');
    location.assign('/update');
    return '';
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    if (!file) { say(_('Choose a file.')); return; }
    if (file.size === 0) { say(_('The file is empty.')); return; }
    say('');
    button.disabled = true;
    progress.hidden = false;
    const refused = await send(file).catch(() => _('The connection broke during the upload. Try again.'));
    say(refused);
    button.disabled = false;
    progress.hidden = !refused ? false : true;
  });
}

if (region) {
  const phase = () => region.querySelector('[data-phase]')?.dataset.phase ?? '';
  const busy = () => ['restarting', 'installing', 'waiting', 'planned'].includes(phase());
  let gone = false;

  async function look() {
    try {
      const answer = await fetch('/update/now');
      if (answer.redirected || answer.status === 401) { location.assign('/update'); return; }
      if (!answer.ok) throw new Error(answer.status);
      if (gone) { location.assign('/update'); return; }
      const fresh = document.createElement('div');
      fresh.innerHTML = await answer.text();
      if (fresh.innerHTML !== region.innerHTML) region.replaceChildren(...fresh.childNodes);
    } catch { gone = true; }
    if (busy() || gone) setTimeout(look, LOOK_MS);
  }
  if (busy()) setTimeout(look, LOOK_MS);
}
