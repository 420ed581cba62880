// The third of three modules.
export const text = "third";
