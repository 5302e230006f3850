/* The picker, quicker. Without this file its links work as they are.
   Arrow keys, Home, End, Page Up and Page Down move through the days that can be chosen, of which one is in the order
   of Tab (w3.org/WAI/ARIA/apg/patterns/grid). After a change the picker's data-said is said, once. While one is under
   way the picker is aria-busy, which dims its times. */
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const days = () => [...document.querySelectorAll("table.month a.day")];
  const dateOf = (day) => Date.parse(day.id.slice(2));
  const isPicker = ({ target }) => target?.classList.contains("picker"); // the Back button's answer has none
  const DAY = 86_400_000;
  let wanted = null; // which day gets the focus after the next change
  let said = "";

  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");

  function prepare() {
    if (!status.isConnected) document.body.append(status);
    said = find("#picker")?.dataset.said ?? "";
    find("table.month")?.setAttribute("role", "grid");
    const all = days();
    const first = all.find((day) => day.hasAttribute("aria-current")) ?? all[0];
    for (const day of all) day.tabIndex = day === first ? 0 : -1;
  }

  function focus(day) {
    for (const other of days()) other.tabIndex = other === day ? 0 : -1;
    day.focus();
  }

  function turn(id, pick) {
    const arrow = document.getElementById(id);
    if (!arrow) return;
    wanted = pick;
    arrow.click();
  }

  function nearest(at) {
    return (all) => all.toSorted((a, b) => Math.abs(dateOf(a) - at) - Math.abs(dateOf(b) - at))[0];
  }

  function move(day, steps) {
    const on = dateOf(day);
    const way = Math.sign(steps);
    const fits = (other) => (dateOf(other) - on) * way > 0 && !((dateOf(other) - on) % (steps * DAY));
    const pick = (all) => (way > 0 ? all : all.toReversed()).find(fits);
    const next = pick(days());
    if (next) focus(next);
    else turn(way > 0 ? "later" : "earlier", (all) => pick(all) ?? nearest(on)(all));
  }

  function page(day, way) {
    const at = new Date(dateOf(day));
    at.setUTCMonth(at.getUTCMonth() + way);
    turn(way > 0 ? "later" : "earlier", nearest(+at));
  }

  document.addEventListener("keydown", (event) => {
    const day = event.target.closest?.("table.month a.day");
    if (!day || event.altKey || event.ctrlKey || event.metaKey) return;
    const ahead = getComputedStyle(day).direction === "rtl" ? -1 : 1;
    const week = [...day.closest("tr").querySelectorAll("a.day")];
    const acts = {
      ArrowRight: () => move(day, ahead),
      ArrowLeft: () => move(day, -ahead),
      ArrowDown: () => move(day, 7),
      ArrowUp: () => move(day, -7),
      Home: () => focus(week[0]),
      End: () => focus(week.at(-1)),
      PageDown: () => page(day, 1),
      PageUp: () => page(day, -1),
      " ": () => day.click(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    if (wanted) return; // those days are still to come
    const fold = find("details.unfold");
    if (fold && event.key !== " ") fold.open = true;
    acts[event.key]();
  });

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (isPicker(detail)) detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!isPicker(detail)) return;
    detail.target.removeAttribute("aria-busy");
    if (!detail.successful) wanted = null;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // The address says #times for those who load the page; here it doesn't make the page jump.
    if (isPicker(detail)) detail.pathInfo.anchor = null;
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (!isPicker(detail)) return;
    const before = said;
    prepare();
    const asked = detail.requestConfig.elt;
    if (said !== before) status.textContent = said;
    if (wanted) (wanted(days()) ?? find("#month-name")).focus();
    else if (asked.classList.contains("day")) find("#times-of").scrollIntoView({ block: "nearest" });
    wanted = null;
  });
  document.addEventListener("htmx:historyRestore", prepare);
  document.addEventListener("bookme:swapped", prepare); // by zone.js: nobody has changed anything
  prepare();
})();
