// Checks the form when it is sent: says what is wrong beside each field and on top, and moves there. Nothing leaves the page.
(() => {
  const form = document.getElementById('download-form');
  const summary = document.getElementById('download-errors');
  const done = document.getElementById('download-done');

  // [field id, its name in the summary, what is wrong (or an empty string)]
  const rules = [
    ['name', 'Name', f => f.value.trim() ? '' : 'Enter your name.'],
    ['email', 'Work email', f => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(f.value.trim()) ? '' : 'Enter an address such as ada@example.com.'],
    ['version', 'Version', f => f.value ? '' : 'Choose a version.'],
    ['nodes', 'Nodes', f => f.value !== '' && Number.isInteger(Number(f.value)) && f.value >= 1 && f.value <= 500 ? '' : 'Enter a whole number from 1 to 500.'],
    ['terms', 'Terms', f => f.checked ? '' : 'Accept the terms to go on.'],
  ];

  function show(field, problem) {
    const message = document.getElementById(`${field.id}-error`);
    message.textContent = problem;
    message.hidden = !problem;
    if (problem) field.setAttribute('aria-invalid', 'true'); else field.removeAttribute('aria-invalid');
    const described = [problem && message.id, document.getElementById(`${field.id}-hint`)?.id].filter(Boolean).join(' ');
    if (described) field.setAttribute('aria-describedby', described); else field.removeAttribute('aria-describedby');
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    const problems = rules.map(([id, label, check]) => {
      const field = document.getElementById(id);
      const problem = check(field);
      show(field, problem);
      return { id, label, problem };
    }).filter(({ problem }) => problem);

    done.hidden = problems.length > 0;
    summary.hidden = problems.length === 0;
    summary.querySelector('ul').innerHTML = problems.map(({ id, label, problem }) => `<li><a href="#${id}">${label}</a>: ${problem}</li>`).join('');
    (problems.length ? summary : done).focus();
  });

  // A link of the summary goes to the field itself, not only to its place.
  summary.addEventListener('click', event => {
    const link = event.target.closest('a');
    if (!link) return;
    event.preventDefault();
    document.getElementById(link.hash.slice(1)).focus();
  });

  form.addEventListener('reset', () => {
    for (const [id] of rules) show(document.getElementById(id), '');
    summary.hidden = done.hidden = true;
  });

  // Airgapped installations have no proxy to ask for.
  const proxy = document.getElementById('proxy');
  form.addEventListener('change', () => { proxy.disabled = form.elements.network.value === 'airgapped'; });
})();
