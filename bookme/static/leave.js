/* A form with data-leave asks before what was typed in it is lost: only once something has changed, and not when it is sent.
   data-leave="typed": what stands in it is not stored yet. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-leave]");
  if (!form) return;
  const typed = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  const before = form.dataset.leave ? "" : typed();
  let sent = false;
  document.addEventListener("submit", ({ target }) => (sent = target === form));
  addEventListener("pageshow", () => (sent = false));
  addEventListener("beforeunload", (event) => {
    if (!sent && typed() !== before) event.preventDefault();
  });
})();
