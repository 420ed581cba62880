// Whether it is checked: a native control by its state, others by what they tell of themselves.
function () {
  if (this instanceof HTMLInputElement && /^(checkbox|radio)$/.test(this.type)) {
    return { state: this.checked && !this.indeterminate };
  }
  const told = this.getAttribute('aria-checked');
  return { state: told === null ? null : told === 'true' };
}
