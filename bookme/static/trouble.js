/* Has refusals shown. htmx drops answers over 399; those that BookMe made for the page say so in a header and are
   shown whatever their status (htmx.py). Of any other, and of none at all, the notice at the foot of the page tells;
   without it a failed click would look like a dead one. */
(() => {
  "use strict";
  const notice = document.getElementById("trouble");
  if (!notice) return;
  const usual = [...notice.cloneNode(true).childNodes];
  let said = "";

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.xhr.getResponseHeader("BookMe-Show")) return;
    detail.isError = false;
    // What asks again and again by itself is not told again and again.
    detail.shouldSwap = detail.target !== notice || notice.hidden || detail.serverResponse !== said;
    if (detail.target === notice) said = detail.serverResponse;
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    notice.hidden = detail.target !== notice;
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
    document.addEventListener(name, () => {
      said = "";
      notice.replaceChildren(...usual.map((node) => node.cloneNode(true)));
      notice.hidden = false;
    });
  }
})();
