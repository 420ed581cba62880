// Runs in <head>, before anything is painted: light, dark, or what the system says (the default).
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => { try { return localStorage.getItem('theme'); } catch { return null; } };

  window.theme = {
    choices: ['system', 'light', 'dark'],
    get choice() { return document.documentElement.dataset.themeChoice; },
    choose(choice) {
      const root = document.documentElement;
      root.dataset.themeChoice = choice;
      root.dataset.theme = choice === 'system' ? (system.matches ? 'dark' : 'light') : choice;
      try { localStorage.setItem('theme', choice); } catch { /* private mode: the choice lasts as long as the page */ }
    },
  };

  theme.choose(theme.choices.includes(stored()) ? stored() : 'system');
  system.addEventListener('change', () => theme.choose(theme.choice));
})();
