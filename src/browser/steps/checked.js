// Returns whether it is checked: a native control by its state, others by their ARIA attribute.
function () {
  if (this instanceof HTMLInputElement && /^(checkbox|radio)$/.test(this.type)) {
    return { state: this.checked && !this.indeterminate };
  }
  const state = this.getAttribute('aria-checked');
  return { state: state === null ? null : state === 'true' };
}
