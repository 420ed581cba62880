// A list of checkboxes with a progress bar that counts them.
(() => {
  const boxes = [...document.querySelectorAll('.checklist input')];
  const bar = document.getElementById('checklist-progress');
  const text = document.getElementById('checklist-text');
  const count = () => {
    const done = boxes.filter(box => box.checked).length;
    bar.max = boxes.length;
    bar.value = done;
    text.textContent = done === boxes.length ? 'All done: create your cluster.' : `${done} of ${boxes.length} done`;
  };
  for (const box of boxes) box.addEventListener('change', count);
  count();
})();
