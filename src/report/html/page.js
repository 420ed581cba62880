'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const token = document.body.dataset.token;
  const status = document.getElementById('status');
  const say = text => { status.textContent = text; };
  const cards = () => all('.card').filter(card => !card.hidden);

  // Old and new, filter, open all.
  document.addEventListener('change', event => {
    const { name, value } = event.target;
    if (name === 'view') document.body.classList.toggle('side', value === 'side');
    if (name === 'impact') {
      let shown = 0;
      for (const card of all('.card')) {
        card.hidden = value !== 'all' && !card.dataset.impacts.split(' ').includes(value);
        if (!card.hidden && card.matches('.snapshot')) shown++;
      }
      say(`${shown} snapshots are shown`);
    }
  });
  document.getElementById('unfold')?.addEventListener('click', event => {
    const open = event.target.textContent === 'Open all';
    for (const card of all('.card')) card.open = open;
    event.target.textContent = open ? 'Close all' : 'Open all';
  });

  // A link to a snapshot opens it.
  const openTarget = () => {
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    if (!target?.matches('details')) return;
    target.hidden = false;
    target.open = true;
    target.querySelector('summary').focus();
    target.scrollIntoView();
  };
  addEventListener('hashchange', openTarget);
  openTarget();

  // What belongs to the same change lights up together.
  const light = (element, on) => {
    const card = element.closest('.snapshot');
    for (const other of all(`[data-change="${element.dataset.change}"]`, card)) other.classList.toggle('lit', on);
  };
  for (const [type, on] of [['pointerover', true], ['pointerout', false], ['focusin', true], ['focusout', false]])
    document.addEventListener(type, event => {
      const element = event.target.closest?.('[data-change]');
      if (element) light(element, on);
    });
  document.addEventListener('click', event => {
    const element = event.target.closest('.line[data-change], .changes li');
    if (!element || event.target.closest('button, summary, a, pre')) return;
    const card = element.closest('.snapshot');
    const outline = card.querySelector(`.outline[data-change="${element.dataset.change}"]`);
    outline?.scrollIntoView({ block: 'center', inline: 'nearest' });
  });

  document.addEventListener('click', async event => {
    const button = event.target.closest('.copy');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say('Copied');
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.previousElementSibling);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      say('Selected: copy it with the keyboard');
    }
  });

  // Keyboard.
  let current = null;
  const go = by => {
    const list = cards();
    const at = list.indexOf(current);
    const next = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (!next) return;
    next.querySelector('summary').focus();
  };
  document.addEventListener('focusin', event => {
    const card = event.target.closest('.card');
    if (card === current) return;
    current?.classList.remove('current');
    current = card;
    current?.classList.add('current');
  });
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input[type=text], textarea')) return;
    const keys = { j: () => go(1), k: () => go(-1) };
    if (token) Object.assign(keys, {
      a: () => current && decide(current, 'accept'),
      r: () => current && decide(current, 'reject'),
      u: takeBack,
    });
    if (keys[event.key]) {
      event.preventDefault();
      inTurn(keys[event.key]);
    }
  });
  // Keys that come while a decision is on its way are meant for what has the focus after it.
  let turn = Promise.resolve();
  const inTurn = work => turn = turn.then(work);
  if (!token) return;

  // Deciding.
  const toDecide = document.getElementById('left');
  const progress = document.querySelector('progress');
  const undo = document.getElementById('undo');
  const steps = [];
  const send = async (what, body) => {
    try {
      const response = await fetch(what, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-ariasnap-token': token },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
      const answer = await response.json();
      show(answer, body.choice);
      say([answer.message, ...answer.problems].join('. '));
      await renew([...answer.renewed, ...left(answer, what === 'decide')]);
      return answer;
    } catch (error) {
      say(`That did not work: ${error.message}`);
    }
  };
  // What the page shows of each snapshot: a decision is about that alone.
  const shown = (cards = all('.snapshot')) => Object.fromEntries(cards.map(card => [card.dataset.path, card.dataset.shown]));
  // What a decision left of a snapshot is a part of what its card shows. What undoing brings back may
  // be something that only another page showed: that is the answer, to be shown anew.
  const known = new WeakMap();
  const left = (answer, isOwn) => {
    const unknown = [];
    for (const card of all('.snapshot')) {
      const path = card.dataset.path;
      const texts = known.get(card) ?? new Set([card.dataset.shown]);
      known.set(card, texts);
      if (!(path in answer.left)) continue;
      if (isOwn) texts.add(answer.left[path]);
      if (texts.has(answer.left[path])) card.dataset.shown = answer.left[path];
      else unknown.push(path);
    }
    return unknown;
  };
  // A snapshot that was tested again is shown anew, and decided after that.
  const renew = async paths => {
    if (!paths.length) return;
    const page = new DOMParser().parseFromString(await (await fetch('./', { cache: 'no-store' })).text(), 'text/html');
    const next = new Map(all('.snapshot', page).map(card => [card.dataset.path, card]));
    for (const card of all('.snapshot')) {
      const other = next.get(card.dataset.path);
      if (!paths.includes(card.dataset.path) || !other) continue;
      other.id = card.id;
      other.open = true;
      card.replaceWith(document.adoptNode(other));
      if (current === card) current = other;
      other.querySelector('summary').focus();
    }
    show(await (await fetch('state', { headers: { 'x-ariasnap-token': token } })).json());
  };
  const mark = (element, isPending, choice) => {
    const state = element.querySelector(':scope > summary .state, :scope > p .state');
    if (isPending) delete element.dataset.state;
    else if (!element.dataset.state) element.dataset.state = choice === 'reject' ? 'rejected' : choice === 'accept' ? 'accepted' : 'decided';
    if (state) state.textContent = element.dataset.state ?? '';
    for (const button of element.querySelectorAll(':scope > .buttons button')) button.disabled = !isPending;
  };
  const show = (answer, choice) => {
    const pending = new Map(answer.pending.map(one => [one.path, new Set(one.groups)]));
    const groups = new Set(answer.pending.flatMap(one => one.groups));
    for (const card of all('.snapshot')) {
      const own = pending.get(card.dataset.path);
      for (const change of all('li[data-group]', card)) mark(change, own?.has(change.dataset.group) ?? false, choice);
      if (!card.querySelector('.impact.failed')) mark(card, own !== undefined, choice);
    }
    for (const card of all('.group')) mark(card, groups.has(card.dataset.group), choice);
    toDecide.textContent = answer.pending.length;
    progress.value = progress.max - answer.pending.length;
    undo.disabled = !answer.canUndo;
    for (const id of ['accept-rest', 'reject-rest']) document.getElementById(id).disabled = answer.pending.length === 0;
    document.querySelector('.progress').classList.toggle('done', answer.pending.length === 0);
  };
  const decide = async (element, choice) => {
    if (element.dataset.state) return;
    const group = element.dataset.group;
    const path = element.closest('.snapshot')?.dataset.path;
    const wasCard = element.matches('.card');
    const answer = await send('decide', { choice, path: path ?? null, group: group ?? null, shown: shown() });
    if (answer) steps.push(element.closest('.card'));
    if (answer && wasCard) {
      const list = cards();
      const rest = list.slice(list.indexOf(element) + 1).concat(list).find(card => !card.dataset.state && card !== element);
      (rest?.querySelector('summary') ?? document.getElementById('finish')).focus();
    }
  };
  const decideRest = async choice => {
    if (await send('decide', { choice, path: null, group: null, shown: shown(all('.snapshot').filter(card => !card.hidden)) })) steps.push(null);
  };
  async function takeBack() {
    if (await send('undo', {})) steps.pop()?.querySelector('summary').focus();
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('button[data-choice]');
    if (button) inTurn(() => decide(button.closest('li[data-group], .card'), button.dataset.choice));
  });
  undo.addEventListener('click', () => inTurn(takeBack));
  document.getElementById('accept-rest').addEventListener('click', () => inTurn(() => decideRest('accept')));
  document.getElementById('reject-rest').addEventListener('click', () => inTurn(() => decideRest('reject')));
  document.getElementById('finish').addEventListener('click', async () => {
    const answer = await send('finish', {});
    if (answer) document.querySelector('.bar').replaceChildren(Object.assign(document.createElement('p'), { textContent: 'The review is over. This page can be closed.' }));
  });
  fetch('state', { headers: { 'x-ariasnap-token': token } }).then(response => response.json()).then(answer => show(answer), () => {});
})();
