/* htmx, on pages where a link serves until it is there: loaded with the first touch, key or pointer over the page, or
   at once where something on the page asks by itself. meta[name=htmx]: its address. */
(() => {
  "use strict";
  const meta = document.querySelector("meta[name=htmx]");
  if (!meta) return;
  const SIGNS = ["pointerover", "pointerdown", "keydown", "focusin"];
  const passive = { capture: true, passive: true };

  function load() {
    for (const name of SIGNS) removeEventListener(name, load, passive);
    document.head.append(Object.assign(document.createElement("script"), { src: meta.content }));
  }

  // htmx looks for what is there already only once the page has loaded.
  const begin = () => {
    for (const name of SIGNS) addEventListener(name, load, passive);
    if (document.querySelector("[hx-trigger*=load], [hx-trigger*=every]")) load();
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
