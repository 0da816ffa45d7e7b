// Numbers that come from elsewhere: a tel: link (RFC 3966) or /desk?call=NUMBER fills in the form for dialling by hand.
// Nothing is dialled before the agent says so.

const form = document.getElementById('by-hand-form');
const place = document.getElementById('by-hand');
const links = document.getElementById('tel-links');
const told = document.getElementById('tel-links-words');
const LONGEST = 40;

/** The number in a tel: URI, without its parameters. */
const numberIn = (text) => text.replace(/^tel:/i, '').split(';')[0].replace(/[^0-9+*#() ./-]/g, '').trim().slice(0, LONGEST);

const asked = new URLSearchParams(location.search).get('call');
if (asked) {
  history.replaceState(null, '', location.pathname);
  form.number.value = numberIn(asked);
  const focus = () => { if (!place.hidden) { form.number.focus(); return true; } return false; };
  if (!focus()) new MutationObserver((_, observer) => { if (focus()) observer.disconnect(); }).observe(place, { attributeFilter: ['hidden'] });
}

links.hidden = !('registerProtocolHandler' in navigator) || !window.isSecureContext;
links.addEventListener('click', () => {
  navigator.registerProtocolHandler('tel', `${location.origin}/desk?call=%s`);
  told.hidden = false;
});
