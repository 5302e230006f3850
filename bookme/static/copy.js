/* [data-copy="id"]: a button that copies what is in the field with that id and then says so, in the words of
   data-copied. Without this file it stays hidden, and people copy the text of the field themselves. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) continue;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = button.dataset.copied;
      } catch {
        field.focus(); // it is selected, ready to be copied by hand
      }
    });
  }
})();
