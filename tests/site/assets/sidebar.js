// The sidebar of every page, from one table. Runs where its <script> stands.
// A category opens by itself when it holds the page that is shown.
(() => {
  // [label, address, icon, children]; an icon is a list of SVG shapes.
  const items = [
    ['Release Notes', '/release-notes/', ['M4 10v4h3l8 5V5l-8 5H4zM18.5 9a4 4 0 0 1 0 6'], [
      ['Version 4.8', '/release-notes/#version-48'], ['Version 4.7', '/release-notes/#version-47'], ['Version 4.6', '/release-notes/#version-46']]],
    ['Security Bulletins', '/security-bulletins/', ['M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6l8-3zM12 8v5M12 16h.01'], [
      ['How We Rate', '/security-bulletins/#how-we-rate'], ['Bulletins', '/security-bulletins/#bulletins']]],
    ['What is Palette?', '/', ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01'], [
      ['How It Works', '/#how-it-works'], ['Find Your Way', '/#find-your-way']]],
    ['Getting Started', '/getting-started/', ['M6 4l13 8-13 8V4z']],
    ['Architecture', '/architecture/', ['M4 4h7v7H4zM13 13h7v7h-7zM11 7.5h5.5V13M7.5 11v5.5H13'], [
      ['Two Planes', '/architecture/#two-planes'], ['Sizing', '/architecture/#sizing']]],
    ['Profiles', '/profiles/', ['M12 3l9 5-9 5-9-5 9-5z', 'M3 12l9 5 9-5', 'M3 16l9 5 9-5'], [
      ['Layers', '/profiles/#layers'], ['Versions of a Profile', '/profiles/#versions-of-a-profile']]],
    ['Deployment Modes', '/deployment-modes/', ['M12 3v12M7 10l5 5 5-5M4 20h16'], [
      ['Choose a Mode', '/deployment-modes/#choose-a-mode'], ['Side by Side', '/deployment-modes/#side-by-side']]],
    ['Clusters', '/clusters/', ['M10 10h4v4h-4z', 'M4 4h4v4H4z', 'M16 4h4v4h-4z', 'M4 16h4v4H4z', 'M16 16h4v4h-4z'], [
      ['Fleet', '/clusters/#fleet'], ['Capacity', '/clusters/#capacity']]],
    ['Bring Your Own OS (BYOOS)', '/byoos/', ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z'], [
      ['Steps', '/byoos/#steps'], ['Check an Image', '/byoos/#check-an-image']]],
    ['Palette Dev Engine', '/devx/', ['M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16'], [
      ['Manifest Editor', '/devx/#manifest-editor'], ['Shortcuts', '/devx/#shortcuts']]],
    ['Virtual Machine Orchestrator', '/vm-management/', ['M3 5h18v11H3zM8 20h8M12 16v4'], [
      ['Machines', '/vm-management/#machines'], ['Before You Delete', '/vm-management/#before-you-delete']]],
    ['Workspaces', '/workspace/', ['M3 6h6l2 3h10v10H3z'], [
      ['Quota Planner', '/workspace/#quota-planner'], ['Limits', '/workspace/#limits']]],
    ['Packs List', '/integrations/', ['M12 3l8 4.5v9L12 21l-8-4.5v-9L12 3zM4 7.5l8 4.5 8-4.5M12 12v9'], [
      ['Browse', '/integrations/#browse'], ['Maturity', '/integrations/#maturity']]],
    ['User & Role Management', '/user-management/', ['M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21a7 7 0 0 1 14 0M17 4a4 4 0 0 1 0 7M19 14a7 7 0 0 1 3 7'], [
      ['Permissions', '/user-management/#permissions'], ['Assign a Role', '/user-management/#assign-a-role']]],
    ['Registries and Packs', '/registries-and-packs/', ['M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3'], [
      ['Registry Types', '/registries-and-packs/#registry-types'], ['Anatomy of a Pack', '/registries-and-packs/#anatomy-of-a-pack']]],
    ['Security', '/security/', ['M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4'], [
      ['Principles', '/security/#principles'], ['Report a Weakness', '/security/#report-a-weakness']]],
    ['Audit Logs', '/audit-logs/', ['M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01'], [
      ['Live Log', '/audit-logs/#live-log'], ['Retention', '/audit-logs/#retention']]],
    ['Self-Hosted Palette', '/enterprise-version/', ['M4 21V5l8-2v18M12 9h8v12M3 21h18M8 8h.01M8 12h.01M8 16h.01M16 13h.01M16 17h.01'], [
      ['Sizes', '/enterprise-version/#sizes'], ['Install', '/enterprise-version/#install']]],
    ['Palette VerteX', '/vertex/', ['M12 3l9 17H3L12 3zM12 9l4.5 8h-9z'], [
      ['What Differs', '/vertex/#what-differs'], ['FIPS at Every Layer', '/vertex/#fips-at-every-layer']]],
    ['Tenant Administration', '/tenant-settings/', ['M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4'], [
      ['Preferences', '/tenant-settings/#preferences'], ['Sign-In Banner', '/tenant-settings/#sign-in-banner']]],
    ['Automation', '/automation/', ['M13 2L4 14h7l-1 8 9-12h-7l1-8z'], [
      ['One Cluster, Three Tools', '/automation/#one-cluster-three-tools'], ['Pipelines', '/automation/#pipelines']]],
    ['Troubleshooting', '/troubleshooting/', ['M14.5 6a4.5 4.5 0 0 0-6 6L3 17.5 6.5 21l5.5-5.5a4.5 4.5 0 0 0 6-6L15 12.5 11.5 9l3-3z'], [
      ['Nodes', '/troubleshooting/#nodes'], ['Collect Logs', '/troubleshooting/#collect-logs']]],
    ['Glossary', '/glossary-all/', ['M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3V4zM5 17a3 3 0 0 1 3-3h11']],
    ['Compliance & Legal', '/legal-licenses/', ['M12 3v18M7 21h10M5 7h14M5 7l-3 7h6L5 7zM19 7l-3 7h6l-3-7z'], [
      ['Compliance', '/legal-licenses/compliance/'],
      ['Open Source Licenses', '/legal-licenses/oss-licenses-index/', [], [
        ['Palette', '/legal-licenses/oss-licenses-index/#palette'], ['Palette VerteX', '/legal-licenses/oss-licenses-index/#palette-vertex']]]]],
  ];
  const eye = 'M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z';
  const sections = [['Docs', '/release-notes/'], ['Tutorials', '/tutorials/'], ['Downloads', '/downloads/'], ['API', '/api/introduction/']];

  const text = s => s.replaceAll('&', '&amp;');
  const svg = shapes => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes.map(d => `<path d="${d}"/>`).join('')}</svg>`;
  const holds = ([, href, , children = []]) => href === location.pathname || children.some(holds);

  function link([label, href, shapes = [], children = []], open) {
    const here = href === location.pathname;
    const state = (here ? ' aria-current="page"' : '') + (children.length ? ` aria-expanded="${open}"` : '');
    const image = shapes.length ? `<span class="menu__icon">${svg(shapes)}</span>` : '';
    return `<a class="menu__link${open && !here ? ' menu__link--ancestor' : ''}" href="${href}"${state}>${image}${text(label)}</a>`;
  }

  function entry(item) {
    const [label, , , children = []] = item;
    if (!children.length) return `<li>${link(item, false)}</li>`;
    const open = holds(item);
    return `<li>
      <div class="menu__row">${link(item, open)}<button class="menu__toggle" type="button" aria-label="Toggle the collapsible sidebar category '${text(label)}'"></button></div>
      <ul class="menu"${open ? '' : ' hidden'}>${children.map(entry).join('')}</ul>
    </li>`;
  }

  document.currentScript.insertAdjacentHTML('afterend', `
    <aside class="sidebar" id="sidebar">
      <div class="sidebar__viewport">
        <div class="sidebar__panel">
          <a class="sidebar__brand" href="/">
            <img class="brand-image brand-image--light" src="/assets/img/logo.svg" alt="Spectro cloud logo" width="138" height="32">
            <img class="brand-image brand-image--dark" src="/assets/img/logo-dark.svg" alt="Spectro cloud logo" width="138" height="32">
          </a>
          <button class="navbar__icon sidebar__close" type="button" aria-label="Close navigation">${svg(['M6 6l12 12M18 6L6 18'])}</button>
          <nav class="sidebar__sections" aria-label="Sections">
            <ul class="menu">${sections.map(([label, href]) => `<li>${link([label, href], false)}</li>`).join('')}</ul>
          </nav>
          <nav class="sidebar__nav" aria-label="Docs sidebar">
            <ul class="menu">
              ${items.map(entry).join('')}
              <li><button class="menu__link" type="button" id="privacy-button" aria-haspopup="dialog">${svg([eye])}Privacy Settings</button></li>
            </ul>
          </nav>
        </div>
      </div>
    </aside>`);

  const sidebar = document.getElementById('sidebar');
  const list = sidebar.querySelector('.sidebar__nav');
  const here = list.querySelector('[aria-current]');
  if (here) list.scrollTop = here.offsetTop - list.clientHeight / 2;

  sidebar.addEventListener('click', event => {
    const toggle = event.target.closest('.menu__toggle');
    if (!toggle) return;
    const row = toggle.parentElement;
    const children = row.nextElementSibling;
    children.hidden = !children.hidden;
    row.querySelector('a').setAttribute('aria-expanded', String(!children.hidden));
  });
})();
