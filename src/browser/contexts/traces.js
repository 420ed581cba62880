// Returns whether the document left something that another page could find.
() => {
  const watch = globalThis[Symbol.for('ariasnap.watch')];
  if (!watch || watch.ask().stores) return true;
  try {
    return localStorage.length > 0;
  } catch {
    // A document without an origin stores nothing.
    return false;
  }
}
