// Scrolls what scrolls the page by the height of a window, or back to the start. That is the document,
// or the largest element that scrolls where the document does not.
isStart => {
  const root = document.scrollingElement ?? document.documentElement;
  const scrolls = element => element.scrollHeight > element.clientHeight + 1
    && (element === root || /auto|scroll|overlay/.test(getComputedStyle(element).overflowY));
  const area = element => element.clientWidth * element.clientHeight;
  const scroller = scrolls(root) ? root
    : [...document.querySelectorAll('body, body *')].filter(scrolls).sort((one, other) => area(other) - area(one))[0];
  if (!scroller) return { isEnd: true };
  const height = scroller === root ? innerHeight : scroller.clientHeight;
  scroller.scrollTo({ top: isStart ? 0 : scroller.scrollTop + height, behavior: 'instant' });
  return { isEnd: scroller.scrollTop + height >= scroller.scrollHeight - 1 };
}
