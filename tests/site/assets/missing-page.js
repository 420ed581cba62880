// Offers the pages whose titles share a word with the address that was not found.
(() => {
  const words = location.pathname.split(/[^a-z0-9]+/i).filter(word => word.length > 3 && word !== 'html' && word !== 'index');
  const pages = searchIndex.filter(page => words.some(word => page.title.toLowerCase().includes(word.toLowerCase())));
  if (!pages.length) return;
  const box = document.getElementById('guesses');
  box.hidden = false;
  box.querySelector('ul').innerHTML = pages.slice(0, 5).map(page => `<li><a href="${page.href}">${page.title.replace('&', '&amp;')}</a></li>`).join('');
})();
