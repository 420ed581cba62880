// Resolves when the document's fonts are there and nothing in it has changed for a while. A page
// without scripts has nothing that could change it.
async (quiet, patience) => {
  const started = performance.now();
  const frame = () => new Promise(done => requestAnimationFrame(done));
  await document.fonts.ready;
  await frame();
  if (!document.querySelector('script, iframe, frame')) return { settled: true };
  let last = performance.now();
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  try {
    for (;;) {
      const now = performance.now();
      if (now - last >= quiet) return { settled: true };
      if (now - started >= patience) return { settled: false };
      await new Promise(done => setTimeout(done, Math.min(quiet, last + quiet - now + 1)));
    }
  } finally {
    observer.disconnect();
  }
}
