// A live log: "Record an event" appends what happens next, the oldest entry first. It stays still until asked.
(() => {
  const log = document.getElementById('audit-log');
  const record = document.getElementById('record-event');
  const pause = document.getElementById('pause-log');
  const next = [
    ['09:14', 'ada', 'created the cluster edge-berlin'],
    ['09:16', 'grace', 'changed the profile base-infra to 2.1.0'],
    ['09:21', 'system', 'renewed the certificate of edge-berlin'],
  ];
  let at = 0;
  record.addEventListener('click', () => {
    const [time, who, what] = next[at % next.length];
    at += 1;
    const line = document.createElement('p');
    line.innerHTML = `<time datetime="2026-11-02T${time}">${time}</time> <strong></strong> `;
    line.querySelector('strong').textContent = who;
    line.append(what);
    log.append(line);
    log.scrollTop = log.scrollHeight;
  });
  pause.addEventListener('click', () => {
    const paused = pause.getAttribute('aria-pressed') !== 'true';
    pause.setAttribute('aria-pressed', String(paused));
    log.setAttribute('aria-live', paused ? 'off' : 'polite');
    record.disabled = paused;
  });
})();
