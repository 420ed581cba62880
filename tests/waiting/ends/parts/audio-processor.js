// A processor that does nothing.
registerProcessor("nothing", class extends AudioWorkletProcessor { process() { return false; } });
