// What is wrong with the page that is open, as a list of words. Run by tests/browser/test_pages.py.
() => {
  const found = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const words = (node) => (node.textContent || "").replace(/\s+/g, " ").trim();
  const name = (node) =>
    node.getAttribute("aria-label") ||
    (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent).join("") ||
    words(node);
  const say = (node) => node.outerHTML.slice(0, 120);

  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) {
    const wide = all("main *").filter((node) => node.getBoundingClientRect().right > innerWidth + 1).slice(-1);
    found.push(`scrolls sideways by ${over} px: ${wide.map(say)}`);
  }

  if (document.documentElement.lang.split("-")[0] !== "en") found.push("no language");
  if (document.title.length < 5 || document.title === "BookMe") found.push(`title: ${document.title}`);
  for (const landmark of ["main", "footer"])
    if (all(landmark).length !== 1) found.push(`${all(landmark).length} × ${landmark}`);
  // A page inside another site's has no header, nor has a host's own, which begins with the name.
  if (all("header").length > 1) found.push("more than one header");
  for (const nav of all("nav")) if (!nav.getAttribute("aria-label")) found.push(`nav without a name: ${say(nav)}`);

  const levels = all("h1, h2, h3, h4").map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("not one h1");
  if (levels[0] !== 1) found.push("the first heading is no h1");
  levels.forEach((level, at) => {
    if (at && level > levels[at - 1] + 1) found.push(`h${levels[at - 1]} is followed by h${level}`);
  });

  const ids = all("[id]").map((node) => node.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) found.push(`twice: #${id}`);
  for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const node of all(`[${attribute}]`))
      for (const id of node.getAttribute(attribute).split(" "))
        if (!document.getElementById(id)) found.push(`${attribute} leads nowhere: ${say(node)}`);

  for (const control of all("input, select, textarea")) {
    if (control.type === "hidden" || !seen(control)) continue;
    if (!control.labels.length && !control.getAttribute("aria-label")) found.push(`no label: ${say(control)}`);
    const typed = !control.readOnly && !/^(radio|checkbox|range|color|file|submit)$/.test(control.type);
    if (typed && parseFloat(getComputedStyle(control).fontSize) < 16) found.push(`an iPhone zooms in: ${say(control)}`);
    if (control.getAttribute("aria-invalid") === "true" && !control.getAttribute("aria-describedby") && !control.closest("fieldset"))
      found.push(`wrong, and nobody says why: ${say(control)}`);
  }
  for (const group of all("fieldset")) if (!group.querySelector(":scope > legend")) found.push(`no legend: ${say(group)}`);
  for (const node of all("a, button, summary")) {
    if (!seen(node)) continue;
    if (!name(node)) found.push(`no name: ${say(node)}`);
    const box = node.getBoundingClientRect();
    if (node.matches(".button, .time, .day, .nav-link") && !node.matches("[aria-hidden]") && Math.min(box.width, box.height) < 24)
      found.push(`smaller than a fingertip: ${say(node)}`);
  }
  for (const image of all("img")) if (!image.hasAttribute("alt")) found.push(`no alt: ${say(image)}`);
  for (const cell of all("th")) if (!cell.scope) found.push(`th without scope: ${say(cell)}`);
  // What embed.js makes has its styles set by script, which no policy minds.
  const theirs = "[data-bookme], iframe, dialog, dialog > button";
  for (const node of all(`[style]:not(${theirs}), [onclick], style, script:not([src])`)) found.push(`inline: ${say(node)}`);
  return found;
}
