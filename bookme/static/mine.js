/* What this tab has booked. A booking's page notes its address beside its schedule and time; the form of the same time
   then leads there (going back would only find the time taken). Nothing of it leaves the browser, and it goes with the
   tab. [data-booked]: the booking's page, which is never shown as it was a while ago. [data-mine]: words to show. */
(() => {
  "use strict";
  const booking = document.querySelector("[data-booked]");
  let kept;
  try {
    kept = sessionStorage;
  } catch {
    kept = null; // a frame whose browser keeps nothing for it
  }

  const show = () => {
    const own = document.querySelector("[data-mine]");
    const there = own && kept?.getItem(`booked ${own.dataset.mine}`);
    if (!there || !own.hidden) return;
    const address = new URL(there, location);
    for (const name of ["embed", "theme"]) {
      const value = new URLSearchParams(location.search).get(name);
      if (value) address.searchParams.set(name, value);
    }
    own.querySelector("a").href = address;
    own.hidden = false;
    const refusal = own.previousElementSibling;
    if (refusal?.getAttribute("role") !== "alert") return;
    refusal.hidden = true;
    own.focus();
  };

  if (booking && kept) {
    const here = location.pathname;
    for (const key of Object.keys(kept)) if (key.startsWith("booked ") && kept.getItem(key) === here) kept.removeItem(key);
    if (booking.dataset.booked) kept.setItem(`booked ${booking.dataset.booked}`, here);
  }
  addEventListener("pageshow", ({ persisted }) => (booking && persisted ? location.reload() : show()));
  document.addEventListener("htmx:load", show);
})();
