/* Says so when htmx got no answer, or one that it does not show. Without it a failed click would look like a dead one. */
(() => {
  "use strict";
  const show = (visible) => {
    const notice = document.getElementById("trouble");
    if (notice) notice.hidden = !visible;
  };
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
    document.addEventListener(name, () => show(true));
  }
  document.addEventListener("htmx:afterSwap", () => show(false));
})();
