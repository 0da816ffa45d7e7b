// A wallboard follows the box: every two seconds its figures are fetched anew and put in place when they changed.

const EVERY_MS = 2000;
const board = document.getElementById('wall');

async function look() {
  try {
    const answer = await fetch(`${location.pathname.replace(/\/$/, '')}/now`, { cache: 'no-store' });
    if (answer.status === 404) {
      location.reload(); // the link was revoked
      return;
    }
    const fresh = answer.ok ? await answer.text() : null;
    if (fresh !== null && fresh !== board.dataset.last) {
      board.innerHTML = fresh;
      board.dataset.last = fresh;
    }
    board.classList.toggle('old', !answer.ok);
  } catch {
    board.classList.add('old'); // the box is away; the last figures stay, dimmed
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
