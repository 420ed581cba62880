// <pack-card version="1.4.2">: a card with an open shadow root. The title and the text come in through slots.
customElements.define('pack-card', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = `
      <style>
        :host { display: block; padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--page); }
        header { display: flex; justify-content: space-between; gap: .6rem; align-items: baseline; margin-bottom: .4rem; }
        ::slotted(h3) { margin: 0 !important; }
        button { padding: .25rem .7rem; border: 1px solid var(--line); border-radius: var(--radius-small); background: var(--surface); color: inherit; font: inherit; font-size: .87rem; cursor: pointer; }
        button:hover { border-color: var(--brand); color: var(--brand); }
        p { margin: .6rem 0 0; color: var(--muted); font-size: .9rem; }
      </style>
      <header><slot name="title"></slot><code>${this.getAttribute('version')}</code></header>
      <slot>No description.</slot>
      <p><button type="button" aria-expanded="false" aria-controls="values">Values</button></p>
      <p id="values" hidden>No values to set.</p>`;
    const button = root.querySelector('button');
    const values = root.getElementById('values');
    if (this.hasAttribute('values')) values.textContent = this.getAttribute('values');
    button.addEventListener('click', () => {
      values.hidden = !values.hidden;
      button.setAttribute('aria-expanded', String(!values.hidden));
    });
  }
});
