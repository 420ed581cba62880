// Assigning a role: the table of permissions marks the chosen one.
(() => {
  const form = document.getElementById('role-form');
  form.addEventListener('submit', event => {
    event.preventDefault();
    const { user, role, scope } = form.elements;
    const list = document.getElementById('assignments');
    const item = document.createElement('li');
    const projects = [...scope.selectedOptions].map(option => option.label).join(', ') || 'no project';
    item.textContent = `${user.value.trim() || 'Somebody'}: ${role.selectedOptions[0].label} in ${projects}`;
    list.append(item);
    form.reset();
    document.getElementById('role-status').textContent = `${list.children.length} assignments`;
  });
})();
