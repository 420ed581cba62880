// A tree view after the ARIA Authoring Practices, one item selected at a time.
for (const tree of document.querySelectorAll('[role="tree"]')) {
  const shown = () => [...tree.querySelectorAll('[role="treeitem"]')].filter(item => !item.parentElement.closest('[aria-expanded="false"]'));
  const expand = (item, open) => item.hasAttribute('aria-expanded') && item.setAttribute('aria-expanded', String(open));
  const focus = item => {
    if (!item) return;
    for (const other of tree.querySelectorAll('[role="treeitem"]')) other.tabIndex = other === item ? 0 : -1;
    item.focus();
  };
  const select = item => {
    for (const other of tree.querySelectorAll('[role="treeitem"]')) other.setAttribute('aria-selected', String(other === item));
    const output = document.getElementById(tree.dataset.output);
    if (output) output.textContent = item.dataset.about ?? '';
    focus(item);
  };
  tree.addEventListener('click', event => {
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    expand(item, item.getAttribute('aria-expanded') !== 'true');
    select(item);
  });
  tree.addEventListener('keydown', event => {
    const item = document.activeElement.closest('[role="treeitem"]');
    const items = shown();
    const at = items.indexOf(item);
    const open = item?.getAttribute('aria-expanded');
    const act = {
      ArrowDown: () => focus(items[at + 1]),
      ArrowUp: () => focus(items[at - 1]),
      Home: () => focus(items[0]),
      End: () => focus(items.at(-1)),
      ArrowRight: () => open === 'false' ? expand(item, true) : open && focus(items[at + 1]),
      ArrowLeft: () => open === 'true' ? expand(item, false) : focus(item.parentElement.closest('[role="treeitem"]')),
      Enter: () => select(item),
      ' ': () => select(item),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
