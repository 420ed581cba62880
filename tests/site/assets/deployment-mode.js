// Says which mode fits the answers.
(() => {
  const form = document.getElementById('mode-form');
  const update = () => {
    const { internet, operations } = form.elements;
    const mode = internet.value === 'no' ? 'Airgapped' : operations.value === 'own' ? 'Self-hosted' : operations.value === 'shared' ? 'Dedicated' : 'Hosted';
    form.elements.mode.value = `${mode} fits.`;
    for (const row of document.querySelectorAll('[data-mode]')) {
      row.querySelector('.badge')?.remove();
      if (row.dataset.mode === mode) row.cells[0].insertAdjacentHTML('beforeend', ' <span class="badge badge--good">fits</span>');
    }
  };
  form.addEventListener('change', update);
  update();
})();
