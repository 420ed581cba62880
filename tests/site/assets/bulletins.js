// Toggle buttons that narrow the bulletins by severity; none pressed shows all.
(() => {
  const buttons = [...document.querySelectorAll('[data-severity-button]')];
  const bulletins = [...document.querySelectorAll('[data-severity]')];
  const status = document.getElementById('bulletin-count');
  const apply = () => {
    const wanted = buttons.filter(button => button.getAttribute('aria-pressed') === 'true').map(button => button.dataset.severityButton);
    for (const bulletin of bulletins) bulletin.hidden = wanted.length > 0 && !wanted.includes(bulletin.dataset.severity);
    status.textContent = `${bulletins.filter(bulletin => !bulletin.hidden).length} of ${bulletins.length} bulletins`;
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
      apply();
    });
  }
  apply();
})();
