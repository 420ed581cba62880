// The table of virtual machines: choose rows, start, stop, and delete after a question.
(() => {
  const table = document.getElementById('machine-table');
  const all = document.getElementById('all-machines');
  const status = document.getElementById('machine-status');
  const actions = [...document.querySelectorAll('[data-machine-action]')];
  const question = document.getElementById('delete-question');
  const boxes = () => [...table.tBodies[0].querySelectorAll('input')];
  const chosen = () => boxes().filter(box => box.checked);

  function refresh(text = `${chosen().length} of ${boxes().length} chosen`) {
    const n = chosen().length;
    all.checked = n > 0 && n === boxes().length;
    all.indeterminate = n > 0 && n < boxes().length;
    for (const action of actions) action.disabled = n === 0;
    for (const box of boxes()) box.closest('tr').setAttribute('aria-selected', String(box.checked));
    status.textContent = text;
  }
  all.addEventListener('change', () => { for (const box of boxes()) box.checked = all.checked; refresh(); });
  table.tBodies[0].addEventListener('change', () => refresh());

  for (const action of actions) {
    action.addEventListener('click', () => {
      if (action.dataset.machineAction === 'delete') {
        question.querySelector('p').textContent = `${chosen().map(box => box.value).join(', ')} and their disks will be gone for good.`;
        question.showModal();
        return;
      }
      const running = action.dataset.machineAction === 'start';
      for (const box of chosen()) {
        const badge = box.closest('tr').querySelector('.badge');
        badge.textContent = running ? 'Running' : 'Stopped';
        badge.className = `badge${running ? ' badge--good' : ''}`;
      }
      refresh(`${chosen().length} ${running ? 'started' : 'stopped'}`);
    });
  }
  question.addEventListener('close', () => {
    if (question.returnValue !== 'delete') return;
    const gone = chosen();
    for (const box of gone) box.closest('tr').remove();
    question.returnValue = '';
    refresh(`${gone.length} deleted`);
  });
  refresh();
})();
