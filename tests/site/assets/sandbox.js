// Answers like the API would, without one: the rules of the page around the frame, on invented clusters.
(() => {
  const answer = document.getElementById('answer');
  const field = id => document.getElementById(id);
  function respond(method, path, key) {
    if (!key) return ['401 Unauthorized', { code: 'NoKey', message: 'Send a key in the header ApiKey.' }];
    const [, name] = path.match(/^\/v1\/clusters(?:\/([\w-]+))?$/) ?? [];
    if (!/^\/v1\/clusters(\/|$)/.test(path)) return ['404 Not Found', { code: 'NoSuchPath', message: path }];
    if (method === 'GET' && !name) return ['200 OK', { items: [{ name: 'shop', health: 'healthy', nodes: 6 }], next: null }];
    if (method === 'GET') return ['200 OK', { name, health: 'healthy', nodes: 6 }];
    if (method === 'POST') return ['202 Accepted', { health: 'creating' }];
    return name ? ['204 No Content', null] : ['403 Forbidden', { code: 'TooMuch', message: 'Name the cluster to delete.' }];
  }
  field('sandbox-form').addEventListener('submit', event => {
    event.preventDefault();
    const [status, body] = respond(field('method').value, field('path').value.trim(), field('with-key').checked);
    answer.textContent = body ? `${status}\n\n${JSON.stringify(body, null, 2)}` : status;
  });
})();
