// Focuses the field and selects its text, so that typing replaces it. Fields in which typing differs
// between systems (dates, colours, sliders) get their value at once, with the events of typing.
// With `alone`, the text is typed here and now: a frame can take the focus at any moment, and what the
// browser types goes to the focused field.
function (text, alone) {
  const TYPED = new Set(['', 'email', 'number', 'password', 'search', 'tel', 'text', 'url']);
  const isField = this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement;
  const typed = document => {
    if (!alone) return { way: 'type' };
    const isTaken = document.execCommand('insertText', false, text);
    return isTaken ? { way: 'done' } : { way: 'unfit', what: `<${this.localName}>` };
  };
  this.focus();
  if (this.isContentEditable) {
    getSelection().selectAllChildren(this);
    return typed(this.ownerDocument);
  }
  if (!isField) return { way: 'unfit', what: `<${this.localName}>` };
  if (this instanceof HTMLTextAreaElement || TYPED.has(this.type)) {
    this.select();
    return typed(this.ownerDocument);
  }
  if (/^(checkbox|radio|file|button|submit|reset|image|hidden)$/.test(this.type)) {
    return { way: 'unfit', what: `<input type="${this.type}">` };
  }
  const wanted = this.type === 'color' ? text.toLowerCase() : text;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(this, wanted);
  if (this.value !== wanted) return { way: 'refused', what: this.value };
  this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  this.dispatchEvent(new Event('change', { bubbles: true }));
  return { way: 'done' };
}
