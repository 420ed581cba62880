// Tabs after the ARIA Authoring Practices: arrows, Home and End move and select; only the selected tab is in the tab order.
for (const list of document.querySelectorAll('[role="tablist"]')) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];
  const select = (tab, focus) => {
    for (const other of tabs) {
      const on = other === tab;
      other.setAttribute('aria-selected', String(on));
      other.tabIndex = on ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !on;
    }
    if (focus) tab.focus();
  };
  list.addEventListener('click', event => {
    const tab = event.target.closest('[role="tab"]:not([aria-disabled="true"])');
    if (tab) select(tab);
  });
  list.addEventListener('keydown', event => {
    const usable = tabs.filter(tab => tab.getAttribute('aria-disabled') !== 'true');
    const at = usable.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    select(usable.at(to % usable.length), true);
  });
}
