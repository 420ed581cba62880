// A tick of the page's clock, in an isolated world: how long a fixed piece of work takes just now, and
// how far frames have come. Sorting is done by the engine itself, compiled or not.
({ length, rounds }) => {
  const watch = globalThis[Symbol.for('ariasnap.watch')];
  const numbers = globalThis[Symbol.for('ariasnap.numbers')] ??= (() => {
    let value = 1;
    return Float64Array.from({ length }, () => value = (value * 48271) % 2147483647);
  })();
  const started = performance.now();
  for (let round = 0; round < rounds; round++) numbers.slice().sort();
  const took = performance.now() - started;
  const { frames, outstanding } = watch?.ask() ?? { frames: 0, outstanding: [] };
  return { took, frames, waitsForFrames: outstanding.some(({ kind }) => kind === 'animation frames') && !watch?.areFramesStill };
}
