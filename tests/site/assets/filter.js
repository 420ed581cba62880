// A search box that narrows a list or a table: <input data-filters="ID"> and, beside it, an element with role status for the count.
// The parts that are kept or dropped carry data-item; what follows an item up to the next one belongs to it.
for (const input of document.querySelectorAll('[data-filters]')) {
  const items = [...document.getElementById(input.dataset.filters).querySelectorAll('[data-item]')].map(item => {
    const parts = [item];
    while (parts.at(-1).nextElementSibling?.matches(':not([data-item])')) parts.push(parts.at(-1).nextElementSibling);
    return { parts, text: parts.map(part => part.textContent).join(' ').toLowerCase() };
  });
  const status = input.closest('.filter').querySelector('[role="status"]');
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { parts, text } of items) {
      const keep = words.every(word => text.includes(word));
      shown += keep;
      for (const part of parts) part.hidden = !keep;
    }
    status.textContent = `${shown} of ${items.length} shown`;
  };
  input.addEventListener('input', apply);
  apply();
}
