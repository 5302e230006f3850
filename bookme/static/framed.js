/* A page of BookMe inside another site's. It answers to the page around it once that has said hello, and only if
   its origin is on the host's list: how high it is, what was booked, that Escape was pressed. What leads out of the
   booking opens in a new tab. The other half is embed.js. */
(() => {
  "use strict";
  if (parent === window) return;
  const meta = (name) => document.querySelector(`meta[name="bookme-${name}"]`);
  const sites = meta("sites").content.split(" ");
  let around = ""; // its origin
  const tell = (bookme, more) => around && parent.postMessage({ bookme, ...more }, around);
  const height = () => ({ height: Math.ceil(document.body.getBoundingClientRect().height) });

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || data?.bookme !== "hello") return;
    if (origin !== location.origin && !sites.includes(origin)) return;
    around = origin;
    tell("here", height());
    const booked = meta("booked");
    if (booked) tell("booked", { reference: booked.content, start: booked.dataset.start });
  });

  // Browsers heed autofocus in no frame of another site's. On the first page nobody has asked for the focus.
  if (document.referrer.startsWith(`${location.origin}/`)) document.querySelector("[autofocus]")?.focus();

  new ResizeObserver(() => tell("height", height())).observe(document.body);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) tell("close");
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.pathname.endsWith(".ics")) return;
    const stays = link.origin === location.origin && new URLSearchParams(link.search).has("embed");
    if (!stays) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  });
})();
