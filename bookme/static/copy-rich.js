/* [data-rich="id"] copies what that element looks like, links and all; programs without such text get data-plain's. */
(() => {
  "use strict";
  const button = document.querySelector("[data-rich]");
  if (!button) return;
  const rich = document.getElementById(button.dataset.rich);
  const plain = document.getElementById(button.dataset.plain);
  const said = button.nextElementSibling;
  const blob = (text, type) => new Blob([text], { type });
  async function copy() {
    try {
      await navigator.clipboard.write([
        new ClipboardItem({ "text/html": blob(rich.innerHTML, "text/html"), "text/plain": blob(plain.value, "text/plain") }),
      ]);
      return true;
    } catch {
      getSelection().selectAllChildren(rich); // an old browser, or no https: as people would by hand
      return document.execCommand("copy");
    }
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.value = "";
    if (!(await copy())) return;
    said.value = button.dataset.copied;
    button.dataset.done = "";
  });
})();
