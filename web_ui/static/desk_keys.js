// Which key does what: the table comes with the page and with what the box tells, what an action does says each module.

const ways = new Map();
let actions = JSON.parse(document.getElementById('desk').dataset.desk).keys;

/** Take over a table: key -> action. */
export function useKeys(table) { actions = table; }

/** Say what an action does, wherever the cursor is. */
export function onKey(action, way) { ways.set(action, way); }

/** The action of a key pressed now; nothing for one held down or held with another. */
export function actionOf(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (event.key.length === 1) return actions[event.key.toUpperCase()];
  return actions[(event.shiftKey ? 'Shift+' : '') + event.key];
}

document.addEventListener('keydown', (event) => {
  const way = ways.get(actionOf(event));
  if (!way) return;
  way();
  event.preventDefault();
});
