// Hears every message and answers none.
onmessage = () => {};
