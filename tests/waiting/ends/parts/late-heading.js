// Defines an element that shows its heading one timer after it is connected.
customElements.define("late-heading", class extends HTMLElement {
  connectedCallback() {
    setTimeout(() => { this.innerHTML = "<h1>ready</h1>"; }, 150);
  }
});
