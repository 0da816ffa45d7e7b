// Choosing a file by dropping it, a look at its size before it travels, and how far the upload is.
// Without this script the form uploads by itself.

import { _ } from './words.js';

const form = document.getElementById('upload');
const zone = form.querySelector('.drop-zone');
const field = form.elements.file;
const mistake = document.getElementById('upload-mistake');
const progress = document.getElementById('upload-progress');
const most = Number(form.dataset.most);

function say(text) {
  mistake.textContent = text;
  mistake.hidden = !text;
}

function fits() {
  const file = field.files[0];
  if (!file) { say(_('Choose a file.')); return false; }
  if (file.size > most) {
    const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString(document.documentElement.lang);
    say(_('The file has {size} MB; at most {limit} MB can be uploaded. Split it into smaller files.', { size: megabytes(file.size), limit: megabytes(most) }));
    return false;
  }
  if (file.size === 0) { say(_('The file is empty.')); return false; }
  say('');
  return true;
}

for (const name of ['dragenter', 'dragover']) {
  zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add('over'); });
}
for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('over'));
zone.addEventListener('drop', (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length !== 1) { say(_('Drop one file.')); return; }
  field.files = event.dataTransfer.files;
  if (fits()) form.requestSubmit();
});
field.addEventListener('change', fits);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!fits()) return;
  const request = new XMLHttpRequest();
  progress.hidden = false;
  request.upload.onprogress = (sent) => { if (sent.lengthComputable) progress.value = sent.loaded / sent.total; };
  request.onload = () => {
    if (request.status < 400) { location.assign(request.responseURL); return; }
    const page = new DOMParser().parseFromString(request.responseText, 'text/html');
    say(page.querySelector('.note.refused p, .problem p')?.textContent ?? _('The upload failed.'));
    progress.hidden = true;
  };
  request.onerror = () => { say(_('The connection broke during the upload. Try again.')); progress.hidden = true; };
  request.open('POST', form.action);
  request.send(new FormData(form));
});
