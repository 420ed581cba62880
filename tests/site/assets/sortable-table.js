// Tables whose column headers hold a .sort-button: a click sorts the rows, a second one the other way round.
// A cell's data-value, where there is one, is a number to sort by instead of the text.
for (const button of document.querySelectorAll('.sort-button')) {
  button.addEventListener('click', () => {
    const header = button.closest('th');
    const body = header.closest('table').tBodies[0];
    const way = header.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    for (const other of header.parentElement.cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', way);

    const value = row => row.cells[header.cellIndex].dataset.value ?? row.cells[header.cellIndex].textContent.trim();
    const order = (a, b) => value(a).localeCompare(value(b), 'en', { numeric: true });
    body.append(...[...body.rows].sort((a, b) => way === 'ascending' ? order(a, b) : order(b, a)));
  });
}
