// Looks at the name and the size of a chosen image; the file itself is not read.
(() => {
  const input = document.getElementById('image');
  const output = document.getElementById('image-verdict');
  const steps = [...document.querySelectorAll('.steps li')];
  const step = n => steps.forEach((item, i) => i === n ? item.setAttribute('aria-current', 'step') : item.removeAttribute('aria-current'));
  input.addEventListener('change', () => {
    const [file] = input.files;
    const problem = !file ? 'No image chosen.' : /\.(iso|raw|qcow2)$/i.test(file.name) ? '' : `${file.name} is no image: expected .iso, .raw or .qcow2.`;
    if (problem) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
    output.value = problem || `${file.name} (${Math.ceil(file.size / 1024)} KiB) can be uploaded.`;
    step(problem ? 1 : 2);
  });
})();
