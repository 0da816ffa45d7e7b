// A field for a key takes the key that is pressed in it. Without this the name of the key can be typed.

const PASSING = new Set(['Tab', 'Enter', 'Escape', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

document.getElementById('keys-form').addEventListener('keydown', (event) => {
  const { press } = event.target.dataset;
  if (!press || PASSING.has(event.key)) return;
  if (event.key === 'Backspace' || event.key === 'Delete') {
    event.target.value = '';
  } else if (press === 'result' && event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.target.value = event.key.toUpperCase();
  } else if (/^F\d+$/.test(event.key)) {
    const held = [['Ctrl', event.ctrlKey], ['Alt', event.altKey], ['Shift', event.shiftKey]];
    event.target.value = [...held.filter(([, on]) => on).map(([name]) => name), event.key].join('+');
  } else {
    return;
  }
  event.preventDefault();
});
