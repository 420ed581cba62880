// The toolbar of the manifest editor: one button is in the tab order, the arrows move between them.
(() => {
  const toolbar = document.querySelector('[role="toolbar"]');
  const buttons = [...toolbar.querySelectorAll('button')];
  const text = document.getElementById('manifest');
  const status = document.getElementById('manifest-status');
  const original = text.value;

  toolbar.addEventListener('keydown', event => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const button = buttons.at(to % buttons.length);
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  });

  const pressed = (button, on = button.getAttribute('aria-pressed') !== 'true') => { button.setAttribute('aria-pressed', String(on)); return on; };
  document.getElementById('wrap').addEventListener('click', event => { text.wrap = pressed(event.target) ? 'soft' : 'off'; });
  document.getElementById('lock').addEventListener('click', event => { text.readOnly = pressed(event.target); });
  document.getElementById('reset').addEventListener('click', () => { text.value = original; status.textContent = 'The manifest is as it was.'; });
  document.getElementById('check').addEventListener('click', () => {
    const lines = text.value.split('\n');
    const tab = lines.findIndex(line => line.includes('\t'));
    const kind = lines.some(line => line.startsWith('kind:'));
    const problem = tab >= 0 ? `Line ${tab + 1} has a tab: indent with spaces.` : kind ? '' : 'The manifest has no kind.';
    if (problem) text.setAttribute('aria-invalid', 'true'); else text.removeAttribute('aria-invalid');
    status.textContent = problem || `${lines.length} lines, no problem found.`;
  });
})();
