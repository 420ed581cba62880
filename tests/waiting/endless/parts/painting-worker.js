// Paints for ever.
onmessage = (event) => {
  const context = event.data.getContext("2d");
  let at = 0;
  const paint = () => {
    context.fillRect(at++ % 300, 20, 30, 30);
    requestAnimationFrame(paint);
  };
  paint();
};
