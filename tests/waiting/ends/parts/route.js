// The chunk of a route: asks for its data, then shows it.
export const show = async () => {
  const text = await (await fetch("/d?ms=200&body=From+the+chunk")).text();
  requestAnimationFrame(() => {
    document.querySelector("button").disabled = false;
    document.querySelector("#late").innerHTML = `<p>${text}</p>`;
  });
};
