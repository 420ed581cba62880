// Computes for ever.
for (let count = 0; ; count++) Math.sqrt(count);
