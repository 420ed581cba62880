// The second of three modules.
export const next = () => import("/d?ms=200&file=ends/parts/chain-three.js");
