/* The browser knows its time zone. Two conveniences; without this file people choose it themselves.
   [data-fill-zone]: an empty input or select gets the browser's zone.
   [data-zone-link="Europe/Lisbon"]: the zone a page shows because nobody chose one; the page is opened again with
   ?zone= of the browser. With ?zone= in the address somebody has chosen, and nothing happens. */
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

  const shown = document.querySelector("[data-zone-link]");
  const here = new URL(location.href);
  if (shown && !here.searchParams.has("zone") && canonical(shown.dataset.zoneLink) !== zone) {
    here.searchParams.set("zone", zone);
    location.replace(here);
    return;
  }

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
