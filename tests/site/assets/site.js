// What every page does once it is parsed: drawer, version menu, search, privacy settings, Ask AI, and the article's helpers.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const escape = s => s.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

  /** Adds a modal dialog to the page; a click on what is around it closes it. */
  function dialog(className, label, html) {
    const box = document.createElement('dialog');
    box.className = className;
    box.setAttribute('aria-label', label);
    box.innerHTML = html;
    box.addEventListener('click', event => {
      if (event.target === box || event.target.closest('[data-close]')) box.close();
    });
    document.body.append(box);
    return box;
  }

  // ---------- Drawer (small screens) ----------
  const menuButton = $('.navbar__menu');
  function drawer(open) {
    document.documentElement.classList.toggle('drawer-open', open);
    menuButton.setAttribute('aria-expanded', String(open));
    $('.drawer-backdrop')?.remove();
    if (!open) return;
    const backdrop = Object.assign(document.createElement('div'), { className: 'drawer-backdrop' });
    backdrop.addEventListener('click', () => drawer(false));
    $('#site').append(backdrop);
    $('.sidebar__nav [aria-current]')?.scrollIntoView({ block: 'center' });
    $('.sidebar__close').focus();
  }
  const drawerOpen = () => menuButton.getAttribute('aria-expanded') === 'true';
  menuButton.addEventListener('click', () => drawer(!drawerOpen()));
  const leaveDrawer = () => { drawer(false); menuButton.focus(); };
  $('.sidebar__close').addEventListener('click', leaveDrawer);
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && drawerOpen()) leaveDrawer();
  });

  // ---------- Navigation bar: away on the way down, back on the way up ----------
  let lastY = scrollY;
  addEventListener('scroll', () => {
    const bar = $('.navbar');
    bar.classList.toggle('navbar--away', scrollY > lastY && scrollY > bar.offsetHeight && !bar.contains(document.activeElement));
    lastY = scrollY;
  }, { passive: true });

  // ---------- Version menu ----------
  const versions = ['latest', '4.7', '4.6'];
  const versionButton = $('.version__button');
  const versionMenu = $('.version__menu');
  let version = 'latest';
  versionMenu.innerHTML = versions.map(v => `<li role="none"><span role="menuitemradio" tabindex="-1" aria-checked="false" data-version="${v}">${v === 'latest' ? 'latest (4.8)' : v}</span></li>`).join('');
  const versionItems = [...versionMenu.querySelectorAll('[role="menuitemradio"]')];

  function showVersionMenu(open) {
    versionMenu.hidden = !open;
    versionButton.setAttribute('aria-expanded', String(open));
    if (open) versionItems[versions.indexOf(version)].focus();
  }
  function chooseVersion(chosen) {
    version = chosen;
    versionButton.textContent = chosen;
    for (const item of versionItems) item.setAttribute('aria-checked', String(item.dataset.version === chosen));
    $('.notice--version')?.remove();
    if (chosen === 'latest') return;
    const notice = document.createElement('div');
    notice.className = 'notice notice--version';
    notice.setAttribute('role', 'status');
    notice.innerHTML = `<p>Version ${chosen} is no longer maintained. The text below describes the latest version.</p><button class="button" type="button">Back to latest</button>`;
    $('button', notice).addEventListener('click', () => { chooseVersion('latest'); versionButton.focus(); });
    ($('.docs-item > article') ?? $('.docs-main__container')).prepend(notice);
  }
  chooseVersion('latest');
  versionButton.addEventListener('click', () => showVersionMenu(versionMenu.hidden));
  versionMenu.addEventListener('click', event => {
    const item = event.target.closest('[data-version]');
    if (item) { chooseVersion(item.dataset.version); showVersionMenu(false); versionButton.focus(); }
  });
  versionMenu.addEventListener('keydown', event => {
    const at = versionItems.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) { event.preventDefault(); versionItems.at(to % versionItems.length).focus(); }
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); document.activeElement.click(); }
    if (event.key === 'Escape') { showVersionMenu(false); versionButton.focus(); }
  });
  document.addEventListener('click', event => {
    if (!versionMenu.hidden && !event.target.closest('.version')) showVersionMenu(false);
  });

  // ---------- Search ----------
  const search = dialog('search-dialog', 'Search', `
    <div class="search-dialog__bar">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21"/></svg>
      <input type="search" aria-label="Search the documentation" placeholder="Type a word, such as FIPS" autocomplete="off" spellcheck="false" aria-controls="search-results">
      <button class="button" type="button" data-close>Close</button>
    </div>
    <div class="search-dialog__results">
      <p role="status"></p>
      <ul class="listbox" id="search-results" role="listbox" aria-label="Search results" hidden></ul>
    </div>`);
  const searchBox = $('input', search);
  const results = $('[role="listbox"]', search);

  function select(index) {
    const options = [...results.children];
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    if (options[index]) { searchBox.setAttribute('aria-activedescendant', options[index].id); options[index].scrollIntoView({ block: 'nearest' }); }
    else searchBox.removeAttribute('aria-activedescendant');
  }
  const selected = () => [...results.children].findIndex(option => option.getAttribute('aria-selected') === 'true');

  function find() {
    const query = searchBox.value.trim();
    const pages = searchPages(query);
    results.innerHTML = pages.map((page, i) => `<li role="option" id="search-result-${i}" aria-selected="false" data-href="${page.href}"><span class="option__title">${escape(page.title)}</span><span class="option__text">${escape(page.text)}</span></li>`).join('');
    results.hidden = !pages.length;
    searchBox.removeAttribute('aria-activedescendant');
    $('[role="status"]', search).textContent = !query ? 'Searches the titles and summaries of all pages.'
      : pages.length ? `${pages.length} ${pages.length === 1 ? 'page' : 'pages'} found` : `Nothing found for “${query}”`;
  }
  function openSearch() {
    if (search.open) return;
    searchBox.value = '';
    find();
    search.showModal();
    searchBox.focus();
  }
  searchBox.addEventListener('input', find);
  // The first Enter goes to the first result, the second opens it.
  searchBox.addEventListener('keydown', event => {
    const last = results.children.length - 1;
    const at = selected();
    if (event.key === 'ArrowDown') { event.preventDefault(); select(Math.min(at + 1, last)); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); select(Math.max(at - 1, 0)); }
    else if (event.key === 'Enter' && at < 0) select(0);
    else if (event.key === 'Enter') location.href = results.children[at].dataset.href;
  });
  results.addEventListener('click', event => {
    const option = event.target.closest('[role="option"]');
    if (option) location.href = option.dataset.href;
  });
  $('#search-button').addEventListener('click', openSearch);
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openSearch(); }
  });

  // ---------- Privacy settings ----------
  const cookies = [
    ['essential', 'Essential', 'Keeps you signed in and remembers these settings. Always on.'],
    ['preferences', 'Preferences', 'Remembers the colour scheme and the last version you read.'],
    ['statistics', 'Statistics', 'Counts which pages are read, without telling who read them.'],
  ];
  const privacy = dialog('privacy-dialog', 'Privacy Settings', `
    <form class="dialog__body" method="dialog">
      <h2>Privacy Settings</h2>
      <p>This site stores what you allow here, in this browser only.</p>
      <fieldset aria-label="What may be stored">
        ${cookies.map(([id, label, hint], i) => `<div class="choice">
          <input type="checkbox" role="switch" id="cookie-${id}" aria-describedby="cookie-${id}-hint"${i ? '' : ' checked disabled'}>
          <div><label class="choice__text" for="cookie-${id}">${label}</label><span class="choice__hint" id="cookie-${id}-hint">${hint}</span></div>
        </div>`).join('')}
      </fieldset>
      <div class="button-row">
        <button class="button button--main" value="save">Save settings</button>
        <button class="button" value="reject">Reject all</button>
      </div>
    </form>`);
  const switches = [...privacy.querySelectorAll('input:not(:disabled)')];
  $('#privacy-button')?.addEventListener('click', () => {
    drawer(false);
    for (const input of switches) input.checked = localStorage.getItem(input.id) === 'yes';
    privacy.showModal();
  });
  privacy.addEventListener('close', () => {
    if (!privacy.returnValue) return;
    for (const input of switches) localStorage.setItem(input.id, privacy.returnValue === 'save' && input.checked ? 'yes' : 'no');
    privacy.returnValue = '';
  });

  // ---------- Ask AI ----------
  const ask = dialog('ask-dialog', 'Ask AI', `
    <div class="dialog__body">
      <h2>Ask AI</h2>
      <p>This demo only knows the site itself: it answers with the pages that fit, and sends nothing anywhere.</p>
      <div class="ask-log" role="log" aria-label="Conversation"></div>
      <form class="form">
        <div class="field"><label for="ask-question">Your question</label><textarea id="ask-question" placeholder="Which edition is FIPS-enforced?" required></textarea></div>
        <div class="button-row"><button class="button button--main">Ask</button><button class="button" type="button" data-close>Close</button></div>
      </form>
    </div>`);
  const question = $('textarea', ask);
  const common = new Set('a about an and are can do does for how i in is it of on or the there to what when where which who why with'.split(' '));
  function answer(asked) {
    const words = asked.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu)?.filter(word => !common.has(word)) ?? [];
    const score = page => words.filter(word => searchPages(word).includes(page)).length;
    return searchIndex.map(page => [score(page), page]).filter(([n]) => n).sort((a, b) => b[0] - a[0]).slice(0, 3).map(([, page]) => page);
  }
  $('form', ask).addEventListener('submit', event => {
    event.preventDefault();
    const pages = answer(question.value);
    $('.ask-log', ask).insertAdjacentHTML('beforeend', `<div class="ask-log__question"><p>${escape(question.value)}</p></div><div>${pages.length
      ? `<p>These pages may help:</p><ul>${pages.map(page => `<li><a href="${page.href}">${escape(page.title)}</a></li>`).join('')}</ul>`
      : '<p>No page of this site speaks of that. Try other words.</p>'}</div>`);
    question.value = '';
    question.focus();
  });

  const askButton = document.createElement('button');
  askButton.className = 'ask-button';
  askButton.type = 'button';
  askButton.setAttribute('aria-haspopup', 'dialog');
  askButton.innerHTML = `
    <span class="ask-button__ring"><span class="ask-button__face"><span class="ask-button__stack">
      <img src="/assets/img/mark.svg" alt="Project Logo" width="26" height="26"><p>Ask AI</p>
    </span></span></span>`;
  askButton.addEventListener('click', () => { ask.showModal(); question.focus(); });
  document.body.append(askButton);

  // ---------- Article: table of contents on small screens, the section being read, copy buttons ----------
  const toc = $('.toc__list');
  if (toc) {
    const details = document.createElement('details');
    details.className = 'toc-mobile';
    details.innerHTML = '<summary>On this page</summary>';
    details.append(toc.cloneNode(true));
    $('article h1').after(details);

    const links = [...toc.querySelectorAll('a')];
    const headings = links.map(link => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      const past = headings.filter(heading => heading && heading.getBoundingClientRect().top < 120).length;
      links.forEach((link, i) => link.classList.toggle('toc__here', i === past - 1));
    };
    addEventListener('scroll', mark, { passive: true });
    mark();
  }

  for (const block of document.querySelectorAll('.code-block')) {
    const copy = Object.assign(document.createElement('button'), { type: 'button', className: 'code-block__copy', textContent: 'Copy' });
    copy.setAttribute('aria-label', 'Copy code to clipboard');
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText($('code', block).textContent);
        copy.textContent = 'Copied';
      } catch { copy.textContent = 'Not allowed'; }
      setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
    });
    block.append(copy);
  }
})();
