// Answers in three parts, 200 ms apart.
let part = 0;
const interval = setInterval(() => {
  postMessage(++part);
  if (part === 3) clearInterval(interval);
}, 200);
