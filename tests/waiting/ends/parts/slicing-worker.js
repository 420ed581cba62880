// Works in 60 slices by MessageChannel.
const channel = new MessageChannel();
let left = 60;
channel.port1.onmessage = () => {
  const end = performance.now() + 8;
  while (performance.now() < end);
  if (--left) channel.port2.postMessage(0);
  else postMessage("done");
};
channel.port2.postMessage(0);
