// Paints 30 frames on the canvas of the page, then says so.
onmessage = (event) => {
  const context = event.data.getContext("2d");
  let count = 0;
  const paint = () => {
    context.fillRect(count, count, 5, 5);
    if (++count < 30) requestAnimationFrame(paint);
    else postMessage("done");
  };
  paint();
};
