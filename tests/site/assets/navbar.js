// The bar on top of every page. Runs where its <script> stands, so that the bar is there before the first paint.
(() => {
  const links = [
    ['Docs', '/release-notes/'],
    ['Tutorials', '/tutorials/'],
    ['Downloads', '/downloads/'],
    ['API', '/api/introduction/'],
  ];
  const current = href => href === location.pathname ? ' aria-current="page"' : '';
  const icon = (d, extra = '') => `<svg class="icon ${extra}" viewBox="0 0 24 24" aria-hidden="true"><path d="${d}"/></svg>`;

  const sun = 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M19.1 4.9l-1.4 1.4M6.3 17.7l-1.4 1.4';
  const moon = 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z';
  const half = 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8l6.5-2.5M12 13l9-1.5M12 18l6.5-.5';
  const glass = 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21';
  const bars = 'M4 6h16M4 12h16M4 18h16';

  document.currentScript.insertAdjacentHTML('afterend', `
    <nav class="navbar" aria-label="Main">
      <div class="navbar__inner">
        <div class="navbar__items">
          <button class="navbar__icon navbar__menu" type="button" aria-label="Toggle navigation" aria-expanded="false" aria-controls="sidebar">${icon(bars)}</button>
          <a class="navbar__brand" href="/">
            <div class="navbar__logo">
              <img class="brand-image brand-image--light" src="/assets/img/logo.svg" alt="Spectro cloud logo" width="138" height="32">
              <img class="brand-image brand-image--dark" src="/assets/img/logo-dark.svg" alt="Spectro cloud logo" width="138" height="32">
            </div>
          </a>
          ${links.map(([label, href]) => `<a class="navbar__link" href="${href}"${current(href)}>${label}</a>`).join('')}
          <div class="version">
            <button class="version__button" type="button" aria-haspopup="menu" aria-expanded="false" aria-controls="version-menu">latest</button>
            <ul class="version__menu" id="version-menu" role="menu" aria-label="Version" hidden></ul>
          </div>
        </div>
        <div class="navbar__items">
          <a class="navbar__link navbar__icon navbar__github" href="https://github.com/spectrocloud/librarium" aria-label="GitHub repository"></a>
          <div class="color-switch">
            <button class="navbar__icon" type="button" id="color-switch">
              ${icon(sun, 'color-switch__icon color-switch__icon--light')}${icon(moon, 'color-switch__icon color-switch__icon--dark')}${icon(half, 'color-switch__icon color-switch__icon--system')}
            </button>
          </div>
          <div class="navbar__search">
            <button class="search-button" type="button" id="search-button" aria-label="Search (Ctrl+K)" aria-haspopup="dialog">
              <span class="search-button__label">${icon(glass)}<span class="search-button__text">Search</span></span>
              <span class="search-button__keys"></span>
            </button>
          </div>
        </div>
      </div>
    </nav>`);

  // The colour switch: system, light, dark, and round again.
  const button = document.getElementById('color-switch');
  const name = () => button.setAttribute('aria-label', `Switch between dark and light mode (currently ${theme.choice} mode)`);
  button.addEventListener('click', () => {
    theme.choose(theme.choices[(theme.choices.indexOf(theme.choice) + 1) % theme.choices.length]);
    name();
  });
  name();
})();
