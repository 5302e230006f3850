/* Has refusals shown. htmx drops answers over 399; those that BookMe made for the page say so in a header and are
   shown whatever their status (htmx.py). Of any other, and of none at all, the notice at the foot of the page tells;
   without it a failed click would look like a dead one. Its button does again what failed. */
(() => {
  "use strict";
  const notice = document.getElementById("trouble");
  if (!notice) return;
  const again = notice.querySelector("[data-again]");
  again?.remove();
  const usual = [...notice.cloneNode(true).childNodes];
  let said = "";
  let failed = null; // the request: of a link, a button, a form or a field

  function offer(request) {
    failed = request;
    if (again && request?.triggeringEvent) notice.append(again);
  }
  again?.addEventListener("click", () => {
    const { elt, triggeringEvent: event } = failed;
    notice.hidden = true;
    elt.focus({ preventScroll: true });
    if (elt.matches("form")) elt.requestSubmit(event.submitter?.form === elt ? event.submitter : null);
    else if (elt.matches("a, button")) elt.click();
    else elt.dispatchEvent(new Event(event.type, { bubbles: true }));
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.xhr.getResponseHeader("BookMe-Show")) return;
    detail.isError = false;
    // What asks again and again by itself is not told again and again.
    detail.shouldSwap = detail.target !== notice || notice.hidden || detail.serverResponse !== said;
    if (detail.target === notice) said = detail.serverResponse;
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    notice.hidden = detail.target !== notice;
    if (!notice.hidden) offer(detail.requestConfig);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
    document.addEventListener(name, ({ detail }) => {
      said = "";
      notice.replaceChildren(...usual.map((node) => node.cloneNode(true)));
      offer(detail.requestConfig);
      notice.hidden = false;
    });
  }
})();
