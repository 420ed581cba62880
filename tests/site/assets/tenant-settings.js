// Settings that wait for "Save changes", and a preview of the sign-in banner.
(() => {
  const form = document.getElementById('tenant-form');
  const save = document.getElementById('save');
  const status = document.getElementById('tenant-status');
  const preview = document.getElementById('banner-preview');
  const banner = form.elements.banner;
  form.addEventListener('input', () => {
    save.disabled = false;
    status.textContent = 'Changes not saved yet';
    banner.disabled = !form.elements['banner-on'].checked;
    preview.hidden = banner.disabled || !banner.value.trim();
    preview.querySelector('p').textContent = banner.value;
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    save.disabled = true;
    status.textContent = 'Saved';
  });
})();
