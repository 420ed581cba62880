// A listbox in which several options can be chosen: arrows move, Space chooses, Ctrl+A chooses all. What is chosen shows up in data-output.
for (const list of document.querySelectorAll('[role="listbox"][data-output]')) {
  const options = [...list.querySelectorAll('[role="option"]')];
  const output = document.getElementById(list.dataset.output);
  let at = 0;
  const report = () => {
    const chosen = options.filter(option => option.getAttribute('aria-selected') === 'true').map(option => option.textContent.trim());
    output.textContent = chosen.length ? `Chosen: ${chosen.join(', ')}` : 'Nothing chosen';
  };
  const toggle = (option, on = option.getAttribute('aria-selected') !== 'true') => { option.setAttribute('aria-selected', String(on)); report(); };
  const move = to => {
    at = Math.max(0, Math.min(to, options.length - 1));
    options.forEach((option, i) => option.classList.toggle('is-active', i === at));
    list.setAttribute('aria-activedescendant', options[at].id);
    options[at].scrollIntoView({ block: 'nearest' });
  };
  list.addEventListener('focus', () => move(at));
  list.addEventListener('blur', () => options[at].classList.remove('is-active'));
  list.addEventListener('click', event => {
    const option = event.target.closest('[role="option"]');
    if (option) { move(options.indexOf(option)); toggle(option); }
  });
  list.addEventListener('keydown', event => {
    const act = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), Home: () => move(0), End: () => move(options.length - 1),
      ' ': () => toggle(options[at]), a: () => event.ctrlKey && options.forEach(option => toggle(option, true)),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  report();
}
