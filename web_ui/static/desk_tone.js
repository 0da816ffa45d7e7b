// A tone when a record or a call comes to the desk: one for any, a rising one for a person who expects the call.
// It is made here, so that it reaches neither the customer nor the line; what it says stands on the page as well.

import { _ } from './words.js';
import { onMessage } from './live.js';
import { recall, remember, speak } from './desk.js';

const desk = document.getElementById('desk');
const button = document.getElementById('tones');
const OFF = `strowger.tones-off.${desk.dataset.user}`;
const CALL = [[660, 0, 0.22]];
const EXPECTED = [[523, 0, 0.13], [659, 0.15, 0.13], [784, 0.3, 0.24]];
const LOUDNESS = 0.12;
const FADE_S = 0.02;
const WITH_CALL = new Set(['reserved', 'talking']);

let before = JSON.parse(desk.dataset.desk);
let context = null;

const on = () => button.getAttribute('aria-pressed') === 'true';

function play(notes) {
  if (!on() || !window.AudioContext) return;
  context ??= new AudioContext();
  context.resume();
  for (const [pitch_Hz, after_s, long_s] of notes) {
    const [voice, loudness, start] = [context.createOscillator(), context.createGain(), context.currentTime + after_s];
    voice.frequency.value = pitch_Hz;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + FADE_S);
    loudness.gain.setValueAtTime(LOUDNESS, start + long_s - FADE_S);
    loudness.gain.linearRampToValueAtTime(0, start + long_s);
    voice.connect(loudness).connect(context.destination);
    voice.start(start);
    voice.stop(start + long_s);
  }
}

/** Once for each record, and for each call that was no record before. */
function take(next) {
  const shown = (next.offer && next.offer !== before.offer) || (next.asked && next.asked !== before.asked);
  const connected = WITH_CALL.has(next.state) && !WITH_CALL.has(before.state);
  before = next;
  if (!shown && !connected) return;
  desk.dataset.tone = next.expected ? 'expected' : 'call';
  play(next.expected ? EXPECTED : CALL);
}

button.setAttribute('aria-pressed', String(!recall(OFF)));
button.addEventListener('click', () => {
  button.setAttribute('aria-pressed', String(!on()));
  remember(OFF, on() ? null : true);
  speak(on() ? _('Tones on.') : _('Tones off.'));
  play(EXPECTED);
});
onMessage((message) => { if (message.desk) take(message.desk); });
