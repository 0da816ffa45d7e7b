// Follows a stream of server-sent events and puts the changed regions of the page in place.
// Where no stream can be had (all places taken, an old proxy) the page asks every five seconds instead.

import { _ } from './words.js';

const POLL_MS = 5000;
const SILENCE_MS = 40000; // the server says something every 15 s
const page = document.documentElement;
const listeners = [];
let clockAhead_ms = 0;

/** Call `listener(message)` after each message has been put in place. */
export const onMessage = (listener) => listeners.push(listener);

/** UTC seconds by the server's clock. */
export const serverNow = () => (Date.now() + clockAhead_ms) / 1000;

export function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, '0');
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

// -- putting HTML in place without disturbing what has not changed --------------------------------------------

const keyOf = (node) => node.nodeType === 1 ? node.dataset.key ?? (node.id || null) : null;

function sameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morph(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.dataset.since !== undefined && old.dataset.since === fresh.dataset.since) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.localName === 'input') return;
  morphChildren(old, fresh);
}

function morphChildren(parent, fresh) {
  const keyed = new Map();
  for (const child of parent.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = parent.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    // Blanks give way to elements rather than having these moved, which would take the focus from them.
    while (at && wanted.nodeType === 1 && at.nodeType === 3 && !at.nodeValue.trim()) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    const known = keyOf(wanted) && keyed.get(keyOf(wanted));
    if (known && known !== at) parent.insertBefore(known, at);
    const here = known || at;
    if (here && sameKind(here, wanted)) {
      morph(here, wanted);
      at = here.nextSibling;
    } else {
      parent.insertBefore(wanted, at);
    }
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next; }
}

function place(name, html) {
  const region = document.querySelector(`[data-region="${name}"]`);
  if (!region) return;
  const fresh = document.createElement('template');
  fresh.innerHTML = html;
  morphChildren(region, fresh.content);
}

// -- the banner ---------------------------------------------------------------------------------------------

const banner = document.getElementById('banner');
const serviceAway = document.getElementById('banner-text').textContent;

/** Show why the page may be old, or nothing. */
function warn(text) {
  if (banner.hidden === !text && (!text || document.getElementById('banner-text').textContent === text)) return;
  banner.hidden = !text;
  if (text) document.getElementById('banner-text').textContent = text;
  document.body.classList.toggle('cut-off', Boolean(text));
}

const connectionLost = () => warn(_('Connection to the box lost. Trying again …'));

function over() {
  warn(_('Your session is over.'));
  const again = document.createElement('a');
  again.href = `/login?next=${encodeURIComponent(location.pathname)}`;
  again.textContent = _('Log in again');
  document.getElementById('banner-text').append(' ', again);
}

// -- messages -----------------------------------------------------------------------------------------------

function take(message) {
  clockAhead_ms = message.at * 1000 - Date.now();
  for (const [name, html] of Object.entries(message.regions)) place(name, html);
  warn(message.connected ? '' : serviceAway);
  const stamp = document.querySelector('#as-of time');
  if (stamp && message.connected) stamp.textContent = new Date(message.at * 1000).toLocaleTimeString(page.lang, { timeZone: page.dataset.zone, hour12: false });
  tick();
  for (const listener of listeners) listener(message);
}

function tick() {
  const now = serverNow();
  for (const timer of document.querySelectorAll('[data-since]')) {
    const text = clockTime(now - Number(timer.dataset.since));
    if (timer.textContent !== text) timer.textContent = text;
  }
  for (const timer of document.querySelectorAll('[data-until]')) {
    const text = clockTime(Number(timer.dataset.until) - now);
    if (timer.textContent !== text) timer.textContent = text;
  }
}

// -- the stream, and asking instead ---------------------------------------------------------------------------

class Follower {
  constructor(path) {
    this.path = path;
    this.heard_at = Date.now();
    this.follow();
    setInterval(() => this.watch(), 5000);
  }

  follow() {
    this.source?.close();
    this.source = new EventSource(this.path);
    this.source.onmessage = (event) => { this.heard(); take(JSON.parse(event.data)); };
    this.source.onopen = () => { this.heard(); this.stopAsking(); };
    this.source.addEventListener('over', () => { this.source.close(); this.ended = true; over(); });
    this.source.addEventListener('busy', () => { this.source.close(); this.ask(); });
    this.source.onerror = () => {
      if (this.source.readyState === EventSource.CLOSED) this.ask();
      else connectionLost();
    };
  }

  heard() { this.heard_at = Date.now(); }

  watch() {
    // Comments keep the connection open but are not shown to scripts; a quiet stream is made anew now and then.
    if (!this.ended && !this.asking && Date.now() - this.heard_at > SILENCE_MS) { this.heard(); this.follow(); }
  }

  ask() {
    if (this.asking || this.ended) return;
    this.asking = setInterval(() => this.askOnce(), POLL_MS);
    this.askOnce();
  }

  stopAsking() { clearInterval(this.asking); this.asking = null; }

  async askOnce() {
    try {
      const answer = await fetch(`${this.path}.json`, { headers: { Accept: 'application/json' } });
      if (answer.status === 401) { this.stopAsking(); this.ended = true; over(); return; }
      if (!answer.ok) throw new Error(answer.statusText);
      this.heard();
      take(await answer.json());
      this.rounds = (this.rounds ?? 0) + 1;
      if (this.rounds % 6 === 0) { this.stopAsking(); this.follow(); } // perhaps there is a place by now
    } catch {
      connectionLost();
    }
  }
}

let follower = null;
const root = document.querySelector('[data-live]');
/** Ask for the page's state at once, after something that the stream does not hear of. */
export const refresh = () => follower?.askOnce();

if (root) {
  follower = new Follower(root.dataset.live);
  setInterval(tick, 500);
  tick();
}
