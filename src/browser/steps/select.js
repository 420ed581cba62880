// Selects exactly the options of these names, with the events of choosing.
function (names) {
  if (!(this instanceof HTMLSelectElement)) return { way: 'unfit', names: [`<${this.localName}>`] };
  const normal = text => text.replace(/\s+/g, ' ').trim();
  const options = [...this.options];
  const nameOf = option => normal(option.getAttribute('aria-label') || option.label || option.text);
  const wanted = names.map(name => options.find(option => nameOf(option) === normal(name) && !option.disabled));
  if (wanted.includes(undefined) || (wanted.length > 1 && !this.multiple)) return { way: 'missing', names: options.map(nameOf) };
  this.focus();
  const before = options.map(option => option.selected).join();
  for (const option of options) option.selected = wanted.includes(option);
  if (options.map(option => option.selected).join() !== before) {
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }
  return { way: 'done' };
}
