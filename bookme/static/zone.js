/* The browser knows its time zone. Without this file people choose it themselves.
   [data-fill-zone]: an empty input or select gets the browser's zone.
   [data-zone-link="Europe/Lisbon"]: the zone that a picker shows where its address names none. If the browser is in
   another, the picker alone comes again; htmx need not be there. The cookie lets the next page be right at once: the browser's zone, or the one
   that was chosen in its place ("Asia/Tokyo@Europe/Lisbon", as long as the browser is in Lisbon). In a frame that gets
   no cookie the address says it.
   select[data-combobox]: gets its script, which nobody needs who chooses no zone. */
(() => {
  "use strict";
  const canonical = (name) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      return null; // a zone that this browser does not know
    }
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;

  const kept = () => document.cookie.match(/(?:^|; )zone=([^;]*)/)?.[1] ?? "";
  const keep = (value) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zone=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  };
  const reveal = () => document.querySelector("#zone.guessed")?.classList.remove("guessed");

  async function ask() {
    const here = new URL(location.href);
    if (kept() !== zone) {
      here.searchParams.set("zone", zone);
      history.replaceState(history.state, "", here);
    }
    try {
      const answer = await fetch(here, { headers: { "HX-Request": "true" } });
      const picker = document.getElementById("picker");
      if (!answer.ok || !answer.headers.has("BookMe-Show")) return;
      picker.outerHTML = await answer.text();
      self.htmx?.process(document.getElementById("picker"));
      document.dispatchEvent(new Event("bookme:swapped"));
    } catch {
      // no answer: the times in the other zone are right, too, and say whose zone it is
    } finally {
      reveal();
    }
  }

  const shown = document.querySelector("[data-zone-link]");
  const held = kept().split("@");
  if (shown && held.at(-1) !== zone && !new URLSearchParams(location.search).has("zone")) {
    keep(zone);
    if (canonical(shown.dataset.zoneLink) !== zone) ask();
    else reveal();
  } else reveal();

  document.addEventListener("submit", ({ target }) => {
    const chosen = target.querySelector("#zone-choice")?.form?.elements.zone.value;
    if (chosen) keep(`${chosen}@${zone}`);
  });

  let asked = false;
  const combobox = () => {
    const select = document.querySelector("select[data-combobox]");
    if (!select || asked) return;
    asked = true;
    document.head.append(Object.assign(document.createElement("script"), { src: select.dataset.combobox }));
  };
  document.addEventListener("htmx:afterSettle", combobox);
  combobox();

  for (const control of document.querySelectorAll("[data-fill-zone]")) {
    if (control.value) continue;
    if (control.options) {
      // Browsers may say Asia/Calcutta where the list says Asia/Kolkata.
      const names = [...control.options].map((option) => option.value);
      const same = names.includes(zone) ? zone : names.find((name) => name && canonical(name) === zone);
      if (same) control.value = same;
    } else {
      control.value = zone;
    }
  }
})();
