// Runs before the scripts of every document (in the page's own world) and of every worker. It counts
// the work that scripts have outstanding: timers, frames, idle callbacks, and everything that the
// platform does for them elsewhere. `settle.rs` explains what is done with the counts.
((signal, limits, looksForStorage) => {
  const scope = globalThis;
  const { Proxy, Reflect, Map, WeakSet, Set, Math, Number, String, JSON, Object, Promise, CustomEvent, MutationObserver } = scope;
  const page = typeof scope.document === 'object' ? scope.document : null;
  const { then } = Promise.prototype;
  const { has: hasHeader } = scope.Headers.prototype;
  const { get: headersOf } = Object.getOwnPropertyDescriptor(scope.Response.prototype, 'headers');
  // A worker that waits for us has its functions, but its global object has not inherited them yet.
  const globals = [scope, ...['DedicatedWorkerGlobalScope', 'SharedWorkerGlobalScope', 'ServiceWorkerGlobalScope', 'WorkerGlobalScope']
    .map(name => scope[name]?.prototype).filter(Boolean)];
  const holderOf = name => globals.find(holder => Object.hasOwn(holder, name));
  const setTimer = holderOf('setTimeout').setTimeout;
  const listen = scope.EventTarget.prototype.addEventListener;
  const on = (target, names, listener, options) => {
    for (const name of names) Reflect.apply(listen, target, [name, listener, options]);
  };

  // Whatever scripts did of which something may come.
  let effects = 0;
  // Of that, what a timer that comes again and again may have waited for.
  let news = 0;
  let frames = 0;
  let workers = 0;
  let last = 0;
  // Whether something may stay in the browser context, and whether another page left something there.
  let stores = false;
  let foundStorage = false;
  try { foundStorage = looksForStorage && scope.localStorage.length > 0; } catch { /* an origin without storage */ }
  const STORES = new Set(['IndexedDB', 'Cache Storage', 'the storage manager', 'storage buckets', 'shared storage', 'the file system',
    'a service worker', 'a permission', 'credentials', 'push messages', 'media devices', 'the clipboard', 'the device']);
  const pending = new Map();
  const begin = (kind, ends) => {
    effects++;
    stores ||= STORES.has(kind);
    pending.set(++last, { kind, ends });
    return last;
  };
  const end = token => {
    if (!pending.delete(token)) return;
    effects++;
    news++;
  };

  const replace = (owner, name, handler) => {
    const property = owner && Object.getOwnPropertyDescriptor(owner, name);
    if (!property?.configurable) return;
    if (typeof property.value === 'function') property.value = new Proxy(property.value, handler);
    else if (handler.get && property.get) property.get = new Proxy(property.get, { apply: handler.get });
    else if (handler.set && property.set) property.set = new Proxy(property.set, { apply: handler.set });
    else return;
    Object.defineProperty(owner, name, property);
  };
  const prototypeOf = name => scope[name]?.prototype;

  // Timers. One that is set while another runs, or again after one of the same delay ran, is a link
  // of a chain: its time adds up until there is news. A first timer is waited for as it is, a chain
  // and an interval only for a while, because they may be a page's pulse.
  const timers = new Map();
  const ended = new Map();
  let running = null;
  const later = isRepeated => ({
    apply(real, self, [callback, delay, ...rest]) {
      const time = Math.max(0, Number(delay) || 0);
      // Code in a string runs as it is; a timer of our own ends with it.
      const isCode = typeof callback !== 'function';
      if (isCode && isRepeated) return Reflect.apply(real, self, [callback, delay, ...rest]);
      const before = running ?? ended.get(time);
      const links = before ? before.links + 1 : 1;
      const timer = {
        time, isRepeated, links, news,
        age: (before?.news === news ? before.age : 0) + Math.max(time, links > 5 ? 4 : 1),
      };
      let id;
      const run = function (...values) {
        effects++;
        if (isRepeated) {
          timer.age = (timer.news === news ? timer.age : 0) + time;
          timer.news = news;
        } else {
          timers.delete(id);
          if (!running) ended.set(time, timer);
        }
        const outer = running;
        running = isRepeated ? outer : timer;
        try {
          return isCode ? undefined : Reflect.apply(callback, this, values);
        } finally {
          running = outer;
          if (isRepeated) timer.news = news;
        }
      };
      if (isRepeated) timer.age = 0;
      id = Reflect.apply(real, self, [isCode ? callback : run, delay, ...rest]);
      if (isCode) Reflect.apply(real, self, [run, delay]);
      effects++;
      timers.set(id, timer);
      return id;
    },
  });
  const isAwaited = ({ time, isRepeated, links, age, news: seen }) => {
    if (isRepeated) return time <= limits.pulse && (seen !== news || age === 0 || age + time <= limits.pulse);
    return links === 1 ? time <= limits.timer : time <= limits.pulse && age <= limits.pulse;
  };
  const forget = {
    apply(real, self, values) {
      timers.delete(values[0]);
      return Reflect.apply(real, self, values);
    },
  };
  replace(holderOf('setTimeout'), 'setTimeout', later(false));
  replace(holderOf('setInterval'), 'setInterval', later(true));
  replace(holderOf('clearTimeout'), 'clearTimeout', forget);
  replace(holderOf('clearInterval'), 'clearInterval', forget);

  // Frames and idle callbacks.
  const callbacks = (request, cancel, kind, note) => {
    const tokens = new Map();
    replace(holderOf(request), request, {
      apply(real, self, [callback, ...rest]) {
        if (typeof callback !== 'function') return Reflect.apply(real, self, [callback, ...rest]);
        const token = begin(kind, false);
        const id = Reflect.apply(real, self, [function (...values) {
          tokens.delete(id);
          if (pending.delete(token)) effects++;
          note();
          return Reflect.apply(callback, this, values);
        }, ...rest]);
        tokens.set(id, token);
        return id;
      },
    });
    replace(holderOf(cancel), cancel, {
      apply(real, self, values) {
        pending.delete(tokens.get(values[0]));
        tokens.delete(values[0]);
        return Reflect.apply(real, self, values);
      },
    });
  };
  let frameTime = 0;
  callbacks('requestAnimationFrame', 'cancelAnimationFrame', 'animation frames', () => {
    const time = page ? page.timeline.currentTime : 0;
    if (time !== frameTime) frames++;
    frameTime = time;
  });
  callbacks('requestIdleCallback', 'cancelIdleCallback', 'idle callbacks', () => {});

  // Whatever answers with a promise. What surely ends is waited for as long as it takes.
  const promises = (owner, names, kind, ends) => {
    for (const name of names) {
      replace(owner, name, {
        apply(real, self, values) {
          const result = Reflect.apply(real, self, values);
          if (!(result instanceof Promise)) return result;
          const token = begin(kind, typeof ends === 'function' ? ends(self) : ends);
          // The page gets the promise behind ours, so that a rejection that it does not handle stays one.
          return Reflect.apply(then, result, [
            value => { end(token); return value; },
            reason => { end(token); throw reason; },
          ]);
        },
      });
    }
  };
  const ENDS = {
    SubtleCrypto: ['cryptography', 'encrypt decrypt sign verify digest generateKey deriveKey deriveBits importKey exportKey wrapKey unwrapKey'],
    Cache: ['Cache Storage', 'match matchAll delete keys'],
    CacheStorage: ['Cache Storage', 'match has open delete keys'],
    Blob: ['a read of a blob', 'arrayBuffer text bytes'],
    IDBFactory: ['IndexedDB', 'databases'],
    StorageBucketManager: ['storage buckets', 'open keys delete'],
    SharedStorage: ['shared storage', 'set append delete clear get run selectURL'],
    StorageManager: ['the storage manager', 'getDirectory estimate persist persisted'],
    FileSystemHandle: ['the file system', 'remove move isSameEntry'],
    FileSystemFileHandle: ['the file system', 'getFile createWritable createSyncAccessHandle'],
    FileSystemDirectoryHandle: ['the file system', 'getFileHandle getDirectoryHandle removeEntry resolve'],
    FileSystemWritableFileStream: ['the file system', 'write seek truncate close'],
    OffscreenCanvas: ['an image', 'convertToBlob'],
    BaseAudioContext: ['audio data', 'decodeAudioData'],
    OfflineAudioContext: ['audio data', 'startRendering'],
    ImageDecoder: ['an image', 'decode'],
    Permissions: ['permissions', 'query'],
    CookieStore: ['cookies', 'get getAll set delete'],
    ServiceWorkerContainer: ['a service worker', 'getRegistration getRegistrations'],
    LockManager: ['locks', 'query'],
    MediaCapabilities: ['media capabilities', 'decodingInfo encodingInfo'],
    VideoDecoder: ['media', 'flush'],
    VideoEncoder: ['media', 'flush'],
    AudioDecoder: ['media', 'flush'],
    AudioEncoder: ['media', 'flush'],
    NavigatorUAData: ['client hints', 'getHighEntropyValues'],
    RTCPeerConnection: ['a peer connection', 'createOffer createAnswer setLocalDescription setRemoteDescription getStats'],
    GPU: ['WebGPU', 'requestAdapter'],
    GPUAdapter: ['WebGPU', 'requestDevice'],
    GPUBuffer: ['WebGPU', 'mapAsync'],
  };
  const MAY_END = {
    Cache: ['Cache Storage', 'put add addAll'],
    Request: ["a request's body", 'arrayBuffer blob bytes formData json text'],
    ReadableStream: ['a stream', 'cancel'],
    WritableStreamDefaultWriter: ['a stream', 'write close abort'],
    WritableStream: ['a stream', 'close abort'],
    HTMLImageElement: ['an image', 'decode'],
    SVGImageElement: ['an image', 'decode'],
    HTMLMediaElement: ['media', 'play setMediaKeys'],
    FontFace: ['fonts', 'load'],
    FontFaceSet: ['fonts', 'load'],
    Worklet: ['a worklet', 'addModule'],
    AudioContext: ['audio', 'resume suspend close'],
    Clipboard: ['the clipboard', 'read readText write writeText'],
    Document: ['a permission', 'hasStorageAccess requestStorageAccess exitFullscreen exitPictureInPicture'],
    Element: ['full screen', 'requestFullscreen'],
    Notification: ['a permission', ''],
    MediaDevices: ['media devices', 'enumerateDevices getUserMedia getDisplayMedia'],
    CredentialsContainer: ['credentials', 'get create store preventSilentAccess'],
    PushManager: ['push messages', 'getSubscription permissionState subscribe'],
    ServiceWorkerRegistration: ['a service worker', 'update unregister getNotifications showNotification'],
    Clients: ['a service worker', 'claim matchAll get openWindow'],
    Navigator: ['the device', 'getBattery requestMIDIAccess requestMediaKeySystemAccess share getInstalledRelatedApps'],
    WakeLock: ['the device', 'request'],
    XRSystem: ['the device', 'isSessionSupported requestSession'],
    USB: ['the device', 'getDevices'],
    HID: ['the device', 'getDevices'],
    Serial: ['the device', 'getPorts'],
    Bluetooth: ['the device', 'getAvailability getDevices'],
    Keyboard: ['the device', 'getLayoutMap lock'],
    Scheduler: ['a task', 'postTask yield'],
    WebTransport: ['a connection', ''],
  };
  for (const [list, ends] of [[ENDS, true], [MAY_END, false]])
    for (const owner in list)
      if (owner in scope) promises(prototypeOf(owner), list[owner][1].split(' '), list[owner][0], ends);
  // An answer of known length ends, however slow it is; another may be a stream.
  const bounded = new WeakSet();
  const isBounded = self => bounded.has(self);
  const hasLength = response => Reflect.apply(hasHeader, Reflect.apply(headersOf, response, []), ['content-length']);
  const keepsBound = { apply(real, self, values) {
    const result = Reflect.apply(real, self, values);
    if (isBounded(self)) bounded.add(result);
    return result;
  } };
  promises(prototypeOf('Response'), ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'], "a response's body", hasLength);
  replace(prototypeOf('Response'), 'body', { get(real, self, values) {
    const body = Reflect.apply(real, self, values);
    if (body && hasLength(self)) bounded.add(body);
    return body;
  } });
  for (const name of ['getReader', 'pipeThrough']) replace(prototypeOf('ReadableStream'), name, keepsBound);
  promises(prototypeOf('ReadableStream'), ['pipeTo'], 'a stream', isBounded);
  promises(prototypeOf('ReadableStreamDefaultReader'), ['read'], 'a stream', isBounded);
  promises(prototypeOf('ReadableStreamBYOBReader'), ['read'], 'a stream', isBounded);
  promises(scope.WebAssembly, ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming', 'validate'], 'WebAssembly', true);
  promises(holderOf('createImageBitmap'), ['createImageBitmap'], 'an image', true);
  promises(scope.Notification, ['requestPermission'], 'a permission', false);
  replace(prototypeOf('ReadableStream'), 'values', { apply: (real, self, values) => watchIterator(Reflect.apply(real, self, values)) });
  replace(prototypeOf('ReadableStream'), Symbol.asyncIterator, { apply: (real, self, values) => watchIterator(Reflect.apply(real, self, values)) });
  let isIteratorWatched = false;
  const watchIterator = iterator => {
    if (!isIteratorWatched) promises(Object.getPrototypeOf(iterator), ['next'], 'a stream', false);
    isIteratorWatched = true;
    return iterator;
  };

  // Requests are seen from outside. Here counts whether their answer may be news: the first to an address.
  const asked = new Map();
  const isFirst = (method, address) => {
    const key = `${method} ${address}`;
    const before = asked.get(key) ?? 0;
    asked.set(key, before + 1);
    return before === 0;
  };
  replace(holderOf('fetch'), 'fetch', {
    apply(real, self, values) {
      const [target, options] = values;
      effects++;
      const first = isFirst(String(options?.method ?? target?.method ?? 'GET'), String(target?.url ?? target));
      const result = Reflect.apply(real, self, values);
      const note = () => { effects++; if (first) news++; };
      return Reflect.apply(then, result, [
        value => { note(); return value; },
        reason => { note(); throw reason; },
      ]);
    },
  });
  const addresses = new WeakMap();
  replace(prototypeOf('XMLHttpRequest'), 'open', {
    apply(real, self, values) {
      addresses.set(self, values);
      return Reflect.apply(real, self, values);
    },
  });
  replace(prototypeOf('XMLHttpRequest'), 'send', {
    apply(real, self, values) {
      effects++;
      const [method, address] = addresses.get(self) ?? [];
      const first = isFirst(String(method), String(address));
      on(self, ['loadend'], () => { effects++; if (first) news++; }, { once: true });
      return Reflect.apply(real, self, values);
    },
  });

  // What ends with an event.
  const events = (owner, names, kind, ends, endings, of = (self, result) => result) => {
    for (const name of names) {
      replace(owner, name, {
        apply(real, self, values) {
          const token = begin(kind, ends);
          let result;
          try { result = Reflect.apply(real, self, values); } catch (error) { end(token); throw error; }
          const target = of(self, result);
          on(target, endings, () => end(token));
          // One that is blocked may stay so.
          if (endings.includes('success')) on(target, ['blocked'], () => pending.has(token) && pending.set(token, { kind, ends: false }));
          return result;
        },
      });
    }
  };
  events(prototypeOf('IDBFactory'), ['open', 'deleteDatabase'], 'IndexedDB', true, ['success', 'error']);
  events(prototypeOf('IDBDatabase'), ['transaction'], 'IndexedDB', true, ['complete', 'abort']);
  events(prototypeOf('FileReader'), ['readAsArrayBuffer', 'readAsBinaryString', 'readAsDataURL', 'readAsText'], 'a read of a file', true, ['loadend'], self => self);
  const sources = (owner, kind, endings, isLazy) => replace(prototypeOf(owner), 'src', {
    set(real, self, values) {
      Reflect.apply(real, self, values);
      if (isLazy(self) || !values[0]) return;
      const token = begin(kind, false);
      on(self, endings, () => end(token), { once: true });
    },
  });
  sources('HTMLImageElement', 'an image', ['load', 'error'], image => image.loading === 'lazy' && !image.isConnected);
  sources('HTMLMediaElement', 'media', ['loadedmetadata', 'error'], media => media.preload === 'none' && !media.autoplay);

  // What ends with a call.
  const calls = (owner, name, kind, at, ends) => replace(owner, name, {
    apply(real, self, values) {
      const token = begin(kind, ends);
      for (const place of at) {
        const callback = values[place];
        if (typeof callback === 'function') values[place] = function (...given) {
          end(token);
          return Reflect.apply(callback, this, given);
        };
      }
      try { return Reflect.apply(real, self, values); } catch (error) { end(token); throw error; }
    },
  });
  calls(prototypeOf('HTMLCanvasElement'), 'toBlob', 'an image', [0], true);
  calls(prototypeOf('Geolocation'), 'getCurrentPosition', 'a permission', [0, 1], false);
  calls(prototypeOf('DataTransferItem'), 'getAsString', 'a transfer', [0], true);
  replace(scope.AbortSignal, 'timeout', {
    apply(real, self, values) {
      const aborted = Reflect.apply(real, self, values);
      if (!(values[0] <= limits.timer)) return aborted;
      const token = begin(`a timer of ${values[0]} ms`, true);
      on(aborted, ['abort'], () => end(token), { once: true });
      return aborted;
    },
  });
  replace(scope.Atomics, 'waitAsync', {
    apply(real, self, values) {
      const waiting = Reflect.apply(real, self, values);
      if (!waiting.async) return waiting;
      const token = begin('shared memory', false);
      const woken = Reflect.apply(then, waiting.value, [why => { end(token); return why; }]);
      return { ...waiting, value: woken };
    },
  });
  replace(prototypeOf('LockManager'), 'request', {
    apply(real, self, values) {
      const token = begin('locks', false);
      const at = values.length - 1;
      const callback = values[at];
      if (typeof callback === 'function') values[at] = function (...given) {
        end(token);
        return Reflect.apply(callback, this, given);
      };
      const result = Reflect.apply(real, self, values);
      return Reflect.apply(then, result, [value => { end(token); return value; }, reason => { end(token); throw reason; }]);
    },
  });
  replace(prototypeOf('Document'), 'startViewTransition', {
    apply(real, self, values) {
      const transition = Reflect.apply(real, self, values);
      const token = begin('a view transition', false);
      Reflect.apply(then, transition.finished, [() => end(token), () => end(token)]);
      return transition;
    },
  });
  replace(prototypeOf('ServiceWorkerContainer'), 'register', {
    apply(real, self, values) {
      const token = begin('a service worker', false);
      const follow = registration => {
        const worker = registration.installing ?? registration.waiting;
        if (!worker || registration.active) return end(token);
        on(worker, ['statechange'], () => { if (worker.state !== 'installing' && worker.state !== 'activating' && worker.state !== 'installed') end(token); });
      };
      return Reflect.apply(then, Reflect.apply(real, self, values), [
        registration => { follow(registration); return registration; },
        reason => { end(token); throw reason; },
      ]);
    },
  });

  // Messages: each is the start of something elsewhere.
  const sends = owner => replace(owner, 'postMessage', {
    apply(real, self, values) {
      effects++;
      return Reflect.apply(real, self, values);
    },
  });
  for (const owner of ['Worker', 'MessagePort', 'ServiceWorker', 'Client']) sends(prototypeOf(owner));
  sends(holderOf('postMessage'));
  const heard = () => { effects++; news++; };
  on(scope, ['message'], heard);
  if (scope.ServiceWorkerContainer && scope.navigator?.serviceWorker && page) {
    try { on(scope.navigator.serviceWorker, ['controllerchange', 'message'], heard); } catch { /* no service worker in this document */ }
  }
  // A message on a broadcast channel has left the browser once a channel of our own got it, and another
  // message of ours went the same way behind it. Each other document or worker with a channel then answers
  // a probe, which it gets behind the message.
  const echoes = new Map();
  const Channel = scope.BroadcastChannel;
  const send = Channel?.prototype.postMessage;
  const me = String(Math.random());
  const peers = new Set();
  const probes = new Map();
  let bus = null;
  let followers = null;
  const arrived = (token, peer) => {
    const missing = probes.get(token);
    if (missing?.delete(peer) && missing.size === 0) { probes.delete(token); end(token); }
  };
  const answers = {
    hello(from) { peers.add(from); post('here', from); },
    here(from, to) { if (to === me) peers.add(from); },
    probe(from, token) { post('ack', token, from); },
    ack(from, token, to) { if (to === me) arrived(token, from); },
  };
  const post = (...words) => Reflect.apply(send, bus, [[me, ...words]]);
  const join = () => {
    if (bus) return;
    bus = new Channel(`${signal} channels`);
    on(bus, ['message'], ({ data: [from, word, ...rest] }) => answers[word](from, ...rest));
    post('hello');
  };
  const probe = token => {
    if (peers.size === 0) return end(token);
    probes.set(token, new Set(peers));
    post('probe', token);
    // One that does not answer has ended, or computes.
    Reflect.apply(setTimer, scope, [() => { for (const peer of probes.get(token) ?? []) peers.delete(peer); }, limits.pulse]);
  };
  const follow = token => {
    if (!followers) {
      const name = `${signal} ${me}`;
      followers = { from: new Channel(name), to: new Channel(name) };
      on(followers.to, ['message'], event => probe(event.data));
    }
    Reflect.apply(send, followers.from, [token]);
  };
  replace(prototypeOf('BroadcastChannel'), 'postMessage', {
    apply(real, self, values) {
      let echo = echoes.get(self.name);
      if (!echo) {
        echo = { channel: new Channel(self.name), tokens: [] };
        on(echo.channel, ['message'], () => { follow(echo.tokens.shift()); heard(); });
        echoes.set(self.name, echo);
      }
      const result = Reflect.apply(real, self, values);
      echo.tokens.push(begin('a message', false));
      return result;
    },
  });
  const constructs = (name, start) => replace(scope, name, {
    construct(real, values, target) {
      const made = Reflect.construct(real, values, target);
      effects++;
      start(made);
      return made;
    },
  });
  constructs('BroadcastChannel', join);
  constructs('Worker', worker => {
    workers++;
    on(worker, ['message'], heard);
    let isLost = false;
    on(worker, ['error'], event => {
      heard();
      // The error of a script that could not be loaded has no place.
      if (!isLost && event.lineno === undefined) workers--;
      isLost = true;
    });
  });
  constructs('SharedWorker', worker => {
    const token = begin('a shared worker', false);
    on(worker.port, ['message'], () => { end(token); heard(); });
    on(worker, ['error'], () => { end(token); heard(); });
  });

  // Trees that no observer of the document sees.
  if (page) {
    const observer = new MutationObserver(() => heard());
    replace(prototypeOf('Element'), 'attachShadow', {
      apply(real, self, values) {
        const root = Reflect.apply(real, self, values);
        effects++;
        observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
        return root;
      },
    });
  }

  // Errors that no handler caught.
  const errors = [];
  const keep = (event, text, place) => { if (errors.length < limits.errors) errors.push({ event, text, place }); };
  on(scope, ['error'], event => {
    if (typeof event.message === 'string' && event.message) keep(event, event.message, event.filename ? `${event.filename}:${event.lineno}:${event.colno}` : '');
  });
  on(scope, ['unhandledrejection'], event => {
    const { reason } = event;
    const place = /((?:https?|file|blob):\S+?:\d+:\d+)/.exec(reason?.stack ?? '');
    keep(event, `Uncaught (in promise) ${reason?.name && reason?.message !== undefined ? `${reason.name}: ${reason.message}` : String(reason)}`, place?.[1] ?? '');
  });

  const report = () => {
    const outstanding = [];
    for (const [token, { kind, ends }] of pending) if (outstanding.length < limits.named) outstanding.push({ kind, ends, token });
    for (const [token, timer] of timers)
      if (outstanding.length < limits.named && isAwaited(timer))
        outstanding.push({ kind: `${timer.isRepeated ? 'an interval' : 'a timer'} of ${timer.time} ms`, ends: timer.links === 1 && !timer.isRepeated, token: -token });
    const uncaught = errors.filter(({ event }) => !event.defaultPrevented).map(({ text, place }) => ({ text, place }));
    return { effects, frames, workers, outstanding, errors: uncaught, stores, foundStorage };
  };
  if (page) {
    const dispatch = page.dispatchEvent.bind(page);
    // Objects do not come through to the other world.
    on(page, [signal], () => dispatch(new CustomEvent(signal + '-report', { detail: JSON.stringify(report()) })));
    on(page, [signal + '-changed'], () => { news++; });
    return;
  }
  // A worker is asked by calls of its own. It is idle once a timer had its turn behind what was queued.
  const turn = time => new Promise(done => Reflect.apply(setTimer, scope, [done, time]));
  scope[Symbol.for('ariasnap.work')] = {
    generation: 0,
    report,
    async watch(looks, generation) {
      this.generation = generation;
      for (let same = 0, before = -1; ;) {
        await turn(0);
        const seen = report();
        if (this.generation !== generation) return { isIdle: false, ...seen };
        if (seen.outstanding.length) {
          same = 0;
          before = -1;
          await turn(limits.poll);
          continue;
        }
        same = seen.effects === before ? same + 1 : 1;
        before = seen.effects;
        if (same >= looks) return { isIdle: true, ...seen };
      }
    },
  };
})
