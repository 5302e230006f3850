/* A second click on a form that is being sent does nothing. Forms that htmx sends are left to hx-disabled-elt;
   data-repeat leaves a form alone whose answer is a download. Servers refuse duplicates anyway. */
(() => {
  "use strict";
  const PATIENCE = 10_000; // ms, after which the button works again, if the answer never came
  const buttons = (form) => [...form.elements].filter((control) => control.type === "submit");

  function release(form) {
    form.removeAttribute("aria-busy");
    for (const button of buttons(form)) {
      if (!button.dataset.sent) continue;
      button.disabled = false;
      delete button.dataset.sent;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || "repeat" in form.dataset) return;
    form.setAttribute("aria-busy", "true");
    setTimeout(() => {
      // Only now: a disabled button's own name and value would not be sent.
      for (const button of buttons(form)) {
        if (button.disabled) continue;
        button.disabled = true;
        button.dataset.sent = "1";
      }
    });
    setTimeout(release, PATIENCE, form);
  });

  // The Back button may show this very page again.
  addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
})();
