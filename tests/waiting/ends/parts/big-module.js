// Builds a WebAssembly module of `count` functions, of which the last is exported as `last` and returns count - 1.
const bigModule = (count) => {
  const number = (value) => {
    const bytes = [];
    for (; value > 127; value >>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
  };
  const signed = (value) => {
    const bytes = [];
    for (; value > 63; value >>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
  };
  const section = (id, bytes) => [id, ...number(bytes.length), ...bytes];
  const code = [...number(count)];
  for (let at = 0; at < count; at++) {
    const body = [0];
    for (let turn = 0; turn < 8; turn++) body.push(0x41, ...signed(turn), 0x1a);
    body.push(0x41, ...signed(at), 0x0b);
    code.push(...number(body.length));
    for (const byte of body) code.push(byte);
  }
  const codeSection = [10, ...number(code.length)].concat(code);
  return new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 0, 1, 0x7f]),
    ...section(3, [...number(count), ...Array(count).fill(0)]),
    ...section(7, [1, 4, 108, 97, 115, 116, 0, ...number(count - 1)]),
  ].concat(codeSection));
};
