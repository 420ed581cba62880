// The first of three modules, each of which imports the next when it has run.
export const next = () => import("/d?ms=200&file=ends/parts/chain-two.js");
