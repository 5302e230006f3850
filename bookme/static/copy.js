/* [data-copy="id"] copies what that element shows, and says data-copied. Hidden without this. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  const said = document.createElement("output");
  said.className = "unseen";
  document.body.append(said);
  const show = (root) => root.querySelectorAll("[data-copy]").forEach((one) => (one.hidden = false));
  show(document);
  document.addEventListener("htmx:load", ({ target }) => show(target));
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const from = document.getElementById(button.dataset.copy);
    said.value = "";
    document.querySelector("[data-done]")?.removeAttribute("data-done");
    try {
      await navigator.clipboard.writeText(from.value ?? from.textContent);
      said.value = button.dataset.copied;
      button.dataset.done = "";
    } catch {
      from.select ? from.select() : getSelection().selectAllChildren(from);
    }
  });
})();
