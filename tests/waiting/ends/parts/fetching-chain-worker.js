// Makes four requests to one address, one after another.
(async () => {
  for (let count = 0; count < 4; count++) await fetch("/d?ms=150");
  postMessage("done");
})();
