// The telephone in the agent's browser: registers at the box, picks up its calls, and shows how sound gets in and out.
// The box calls, the page answers; it dials nobody. SIP and WebRTC are JsSIP's; which calls there are is the desk's.

import { _, formToken } from './words.js';

const card = document.getElementById('phone');
const state = document.getElementById('phone-words');
const use = document.getElementById('phone-use');
const devices = document.getElementById('phone-devices');
const microphones = document.getElementById('phone-microphone');
const speakers = document.getElementById('phone-speaker');
const level = document.getElementById('phone-level');
const path = document.getElementById('phone-path');
const check = document.getElementById('phone-check');
const checkWords = document.getElementById('phone-check-words');
const mute = document.getElementById('phone-mute');
const sound = document.getElementById('phone-sound');
const KEPT = `strowger.phone.${card.dataset.user}`;
const AGAIN_MS = 5000;
const LOOK_MS = 2000;
const METER_MS = 100;
const SILENT_LOOKS = 10;

let kept = { here: false, microphone: '', speaker: '' };
try { kept = { ...kept, ...JSON.parse(localStorage.getItem(KEPT)) }; } catch { /* nothing kept, or nothing to keep it in */ }

let agent = null; // JsSIP's, while this page is the telephone
let call = null; // the open line to the box
let microphone = null; // the stream of it
let meter = null;
let starting = false;
let checking = false;
let silent = 0; // looks in a row at which nothing had come in
let received = -1;

function keep(change) {
  kept = { ...kept, ...change };
  try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* the page still works, it only forgets on reload */ }
}

function show(kind, text) {
  card.dataset.state = kind;
  state.textContent = text;
}

async function post(action) {
  const answer = await fetch(`/desk/phone/${action}`, { method: 'POST', headers: { 'X-Form-Token': formToken } });
  const body = answer.status === 401 || answer.status === 403 ? { problems: [_('Your session is over. Log in again.')] } : await answer.json();
  if (answer.status !== 200) throw new Error([].concat(body.problems ?? []).join(' '));
  return body;
}

// -- microphone and loudspeaker ----------------------------------------------------------------------------------

const REASONS = {
  NotAllowedError: () => _('The browser does not let this page use the microphone. Allow it beside the address, then switch the phone on again.'),
  NotFoundError: () => _('No microphone found. Plug one in, then switch the phone on again.'),
  NotReadableError: () => _('The microphone is used by another program. Close that one, then switch the phone on again.'),
};

async function openMicrophone() {
  const wishes = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const device = kept.microphone ? { deviceId: { ideal: kept.microphone } } : {};
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...wishes, ...device } });
  microphone?.getTracks().forEach((track) => track.stop());
  microphone = stream;
  listenTo(stream);
  await listDevices();
  const [track] = stream.getAudioTracks();
  track.enabled = mute.getAttribute('aria-pressed') !== 'true';
  track.addEventListener('ended', () => { if (microphone === stream) show('bad', _('The microphone is gone. Plug it in, or choose another one.')); });
  const sender = call?.connection?.getSenders().find((each) => each.track?.kind === 'audio');
  await sender?.replaceTrack(track);
}

function listenTo(stream) {
  meter?.context.close();
  const context = new AudioContext();
  const ear = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(ear);
  meter = { context, ear, samples: new Float32Array(ear.fftSize) };
}

/** How loud the microphone is, from -60 to 0 dB of full scale. */
function look() {
  if (!meter) return;
  meter.ear.getFloatTimeDomainData(meter.samples);
  const power = meter.samples.reduce((sum, each) => sum + each * each, 0) / meter.samples.length;
  level.value = Math.max(-60, 10 * Math.log10(power + 1e-9));
}

async function listDevices() {
  const found = await navigator.mediaDevices.enumerateDevices();
  const fill = (select, kind, chosen) => {
    const options = found.filter((each) => each.kind === kind && each.deviceId).map((each, place) => new Option(each.label || `${place + 1}`, each.deviceId));
    select.replaceChildren(...options);
    select.value = options.some((each) => each.value === chosen) ? chosen : options[0]?.value ?? '';
    select.closest('.field').hidden = options.length === 0;
  };
  fill(microphones, 'audioinput', microphone?.getAudioTracks()[0]?.getSettings().deviceId ?? kept.microphone);
  fill(speakers, 'audiooutput', kept.speaker);
  if (!('setSinkId' in sound)) speakers.closest('.field').hidden = true;
}

async function chooseSpeaker() {
  if (kept.speaker && 'setSinkId' in sound) await sound.setSinkId(kept.speaker).catch(() => keep({ speaker: '' }));
}

microphones.addEventListener('change', () => { keep({ microphone: microphones.value }); openMicrophone().catch(failed); });
speakers.addEventListener('change', () => { keep({ speaker: speakers.value }); chooseSpeaker(); });
navigator.mediaDevices?.addEventListener('devicechange', () => { if (agent) listDevices(); });

// -- the line to the box --------------------------------------------------------------------------------------------

function failed(error) {
  show('bad', REASONS[error.name]?.() ?? (error.message || _('The box does not answer. Try again.')));
}

async function start() {
  if (agent || starting) return;
  if (!window.isSecureContext || !navigator.mediaDevices) {
    show('bad', _('A browser gives its microphone to encrypted pages only. Open this page by https.'));
    return;
  }
  starting = true;
  show('waiting', _('The phone is being connected …'));
  try {
    await openMicrophone();
    await chooseSpeaker();
    await register();
  } catch (error) {
    failed(error);
    stop();
  } finally {
    starting = false;
  }
}

async function register() {
  // A large file that only pages with a telephone need: it is fetched when one is wanted.
  const { UA, WebSocketInterface } = await import('./jssip.js').catch(() => { throw new Error(); });
  const { phone, secret, domain } = await post('browser');
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  agent = new UA({
    sockets: [new WebSocketInterface(`${scheme}://${location.host}/live/phone`)],
    uri: `sip:${phone}@${domain}`,
    password: secret,
    register_expires: 300,
    session_timers: false,
    connection_recovery_min_interval: 2,
    connection_recovery_max_interval: 15,
    user_agent: 'Strowger page',
  });
  const mine = agent;
  agent.on('registered', () => ready());
  agent.on('disconnected', () => { if (agent === mine) show('bad', _('The line to the box is cut. It is tried again by itself.')); });
  agent.on('registrationFailed', () => { if (agent === mine) refused(mine); });
  agent.on('newRTCSession', ({ originator, session }) => { if (originator === 'remote') pickUp(session); });
  agent.start();
}

/** The secret is not known any more: the box began anew, or another page took over. */
async function refused(mine) {
  mine.stop();
  agent = null;
  try {
    if ((await post('state')).taken) {
      stop();
      show('off', _('Another page of yours is the telephone now.'));
      return;
    }
    await register();
  } catch {
    show('bad', _('The line to the box is cut. It is tried again by itself.'));
    setTimeout(() => { if (!agent && kept.here) start(); }, AGAIN_MS);
  }
}

function ready() {
  use.setAttribute('aria-pressed', 'true');
  devices.hidden = false;
  show('on', call ? _('Telephone: this browser, line open') : _('Telephone: this browser'));
}

function pickUp(session) {
  call?.terminate();
  call = session;
  session.on('peerconnection', ({ peerconnection }) => {
    peerconnection.addEventListener('track', ({ streams, track }) => { sound.srcObject = streams[0] ?? new MediaStream([track]); });
  });
  session.on('confirmed', () => { mute.hidden = false; ready(); });
  const over = () => {
    if (call !== session) return;
    call = null;
    sound.srcObject = null;
    path.textContent = '';
    mute.hidden = true;
    setMute(false);
    if (agent) ready();
  };
  session.on('ended', over);
  session.on('failed', over);
  session.answer({ mediaStream: microphone, mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
}

function stop() {
  agent?.stop();
  agent = null;
  call = null;
  microphone?.getTracks().forEach((track) => track.stop());
  microphone = null;
  meter?.context.close();
  meter = null;
  use.setAttribute('aria-pressed', 'false');
  devices.hidden = true;
}

use.addEventListener('click', () => {
  const here = use.getAttribute('aria-pressed') !== 'true';
  keep({ here });
  if (here) { start(); return; }
  stop();
  show('off', _('Calls go to your telephone on the desk.'));
  post('leave').catch(failed);
});

// -- muting, the sound check, how the line is ---------------------------------------------------------------------

function setMute(muted) {
  mute.setAttribute('aria-pressed', String(muted));
  for (const track of microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  navigator.mediaSession?.setMicrophoneActive?.(!muted);
}

mute.addEventListener('click', () => setMute(mute.getAttribute('aria-pressed') !== 'true'));

function showCheck(on) {
  checking = on;
  check.setAttribute('aria-pressed', String(on));
  checkWords.textContent = on ? _('Speak: you should hear yourself. If not, look at microphone, loudspeaker and volume.') : '';
}

check.addEventListener('click', async () => {
  try {
    showCheck(!checking);
    await post(checking ? 'check' : 'end_check');
  } catch (error) {
    showCheck(false);
    checkWords.textContent = error.message;
  }
});

/** Follow the check, which ends by itself, and say how the line does. */
async function watch() {
  if (checking) {
    try { const { wanted } = await post('state'); if (!wanted) showCheck(false); } catch { showCheck(false); }
  }
  const line = call?.connection;
  if (!line) return;
  const all = [...(await line.getStats()).values()];
  const heard = all.find((each) => each.type === 'inbound-rtp');
  const pair = all.find((each) => each.type === 'candidate-pair' && each.nominated);
  if (!heard) return;
  // Neither sound nor a report (RFC 3550 §6.4.1) for so long: the box does not know this line any more.
  const came = heard.packetsReceived + (all.find((each) => each.type === 'remote-outbound-rtp')?.reportsSent ?? 0);
  silent = came === received ? silent + 1 : 0;
  received = came;
  if (silent >= SILENT_LOOKS) { call.terminate(); return; }
  const codec = all.find((each) => each.id === heard.codecId)?.mimeType?.replace('audio/', '') ?? '';
  const total = heard.packetsReceived + heard.packetsLost;
  const figures = {
    codec,
    ms: Math.round((pair?.currentRoundTripTime ?? 0) * 1000),
    lost: total ? ((100 * heard.packetsLost) / total).toFixed(1) : '0.0',
    jitter: Math.round((heard.jitter ?? 0) * 1000),
  };
  path.textContent = _('{codec}, encrypted; round trip {ms} ms, {lost} % lost, jitter {jitter} ms', figures);
}

setInterval(watch, LOOK_MS);
setInterval(look, METER_MS);

// A headset's own keys, where the browser passes them on.
for (const [action, does] of [['togglemicrophone', () => mute.click()], ['hangup', () => document.getElementById('b-hang-up')?.click()]]) {
  try { navigator.mediaSession?.setActionHandler(action, does); } catch { /* this browser knows no such key */ }
}

window.addEventListener('beforeunload', (event) => { if (call && document.getElementById('b-hang-up')) event.preventDefault(); });
window.addEventListener('pagehide', () => agent?.stop());

if (kept.here) start();
