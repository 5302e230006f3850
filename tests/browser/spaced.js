// What is cut off or covered where a reader sets text further apart (WCAG 2.2, 1.4.12), as a list of words. Run on a
// page that is 320 px wide (1.4.10: 1280 px at 400 %).
() => {
  const found = [];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }`);
  const before = document.adoptedStyleSheets;
  document.adoptedStyleSheets = [...before, sheet];
  const say = (node) => node.outerHTML.slice(0, 120);
  const UNSEEN = ".unseen, .skip, [hidden], .records thead";
  // What is moved sideways by the reader, and text of code that can be.
  const MOVED = ".tabs, pre, select, textarea, .options, iframe";
  const BOXES = ".button, .badge, .chip, .day, .time, .nav-link, .lengths a, summary";

  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) {
    const wide = [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > innerWidth + 1);
    found.push(`scrolls sideways by ${over} px: ${wide.slice(-1).map(say)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest(UNSEEN) || parent.closest(MOVED)) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const box = parent.closest(BOXES)?.getBoundingClientRect();
    for (const line of range.getClientRects()) {
      if (!line.width) continue;
      if (line.right > innerWidth + 1 || line.left < -1) found.push(`beyond the edge: ${say(parent)}`);
      if (box && (line.right > box.right + 2 || line.left < box.left - 2 || line.bottom > box.bottom + 2 || line.top < box.top - 2))
        found.push(`out of its box: ${say(parent)}`);
    }
    for (let around = parent; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (!/hidden|clip/.test(style.overflow) || around.matches(MOVED)) continue;
      if (around.scrollWidth > around.clientWidth + 1 || around.scrollHeight > around.clientHeight + 1)
        found.push(`cut off: ${say(around)}`);
    }
  }
  document.adoptedStyleSheets = before;
  return [...new Set(found)].slice(0, 5);
}
