// The quota planner: what is left of a workspace's budget after the namespaces took their share.
(() => {
  const form = document.getElementById('planner');
  const field = name => Number(form.elements[name].value);
  const update = () => {
    const cpu = field('namespaces') * field('cpu');
    const memory = field('namespaces') * field('memory');
    const budget = { cpu: 64, memory: 256 };
    document.getElementById('namespaces-value').textContent = field('namespaces');
    document.getElementById('cpu-meter').value = Math.min(cpu, budget.cpu);
    document.getElementById('memory-meter').value = Math.min(memory, budget.memory);
    document.getElementById('cpu-share').textContent = `${Math.round(cpu / budget.cpu * 100)}%`;
    document.getElementById('memory-share').textContent = `${Math.round(memory / budget.memory * 100)}%`;
    const over = [cpu > budget.cpu && 'CPU', memory > budget.memory && 'memory'].filter(Boolean);
    form.elements.verdict.value = over.length ? `Too much ${over.join(' and ')}: lower the share of a namespace.` : `Fits: ${cpu} CPU and ${memory} GiB in use.`;
  };
  form.addEventListener('input', update);
  form.addEventListener('submit', event => event.preventDefault());
  update();
})();
