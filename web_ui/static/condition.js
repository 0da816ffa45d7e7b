// Checks of a condition: the field that is chosen decides which values are offered beside it.

for (const select of document.querySelectorAll('select[data-value]')) {
  const value = document.getElementById(select.dataset.value);
  const point = () => {
    const list = select.selectedOptions[0]?.dataset.list ?? '';
    if (list) value.setAttribute('list', list);
    else value.removeAttribute('list');
  };
  select.addEventListener('change', point);
  point();
}
