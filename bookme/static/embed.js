/* BookMe in a page of somebody else's: <a href="https://…/mara/intro" data-bookme="inline">Book a call</a>, and this
   script. "inline" shows the page in place of the link, "button" in a dialog that the link opens, "floating" does so
   from a corner. Without this script, or where BookMe doesn't answer, the link stays one.
   data-theme: light or dark, else as the page around. data-language: such as de, else the visitor's. data-close: the name of the button that closes the dialog.
   The link tells what happens: bookme:opened, and bookme:booked with event.detail.reference and .start.
   No styles but by script, so that it works under a strict Content-Security-Policy: script-src and frame-src have to
   name BookMe. */
(() => {
  "use strict";
  const make = (name, style, attributes) => {
    const made = document.createElement(name);
    Object.assign(made.style, style);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const tell = (link, name, detail) =>
    link.dispatchEvent(new CustomEvent(`bookme:${name}`, { bubbles: true, detail }));

  const theme = (link) => {
    const asked = link.dataset.theme;
    if (asked === "light" || asked === "dark") return asked;
    const scheme = getComputedStyle(link).colorScheme;
    if (!scheme.includes("dark")) return "light";
    return scheme.includes("light") ? "" : "dark";
  };

  const address = (link) => {
    const url = new URL(link.href);
    const put = (name, value) => url.searchParams.has(name) || url.searchParams.append(name, value);
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (/^(ref|utm_[a-z_]+)$/.test(name)) put(name, value); // where the visitor came from
    }
    put("embed", "1");
    if (theme(link)) put("theme", theme(link));
    if (link.dataset.language) put("language", link.dataset.language);
    return url;
  };

  const PATIENCE = 3000; // ms for a page that is there to say so

  /* The frame. `on` has what happens: here, close, lost. */
  const framed = (link, on) => {
    const url = address(link);
    const style = { display: "block", width: "100%", border: 0, height: 0, scrollMarginTop: "3rem", colorScheme: theme(link) || "inherit" }; // else a frame isn't see-through
    // As high as it needs, so a bar that comes and goes would only make it narrower for a moment.
    const frame = make("iframe", style, { title: link.textContent.trim(), scrolling: "no" });
    const told = new Set();
    let pages = 0, lost;
    frame.addEventListener("load", () => {
      clearTimeout(lost);
      lost = setTimeout(() => on.lost?.(), PATIENCE);
      frame.contentWindow.postMessage({ bookme: "hello" }, url.origin);
    });
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== url.origin || !data) return;
      if (data.height > 0) frame.style.height = `${Math.min(data.height, 9999)}px`;
      if (data.bookme === "here") {
        clearTimeout(lost);
        on.here?.();
        if (pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
      } else if (data.bookme === "booked" && !told.has(data.reference)) {
        told.add(data.reference);
        tell(link, "booked", { reference: data.reference, start: data.start });
      } else if (data.bookme === "close") on.close?.();
    });
    frame.src = url;
    return frame;
  };

  const inline = (link) => {
    const show = (isLink) => {
      link.hidden = !isLink;
      link.style.display = isLink ? "" : "none";
    };
    const frame = framed(link, {
      here: () => {
        if (link.hidden) return;
        show(false);
        tell(link, "opened");
      },
      lost: () => {
        frame.remove();
        show(true);
      },
    });
    link.after(frame);
  };

  const dialogOf = (link) => {
    const name = link.textContent.trim();
    const dialog = make("dialog", {
      boxSizing: "border-box", width: "min(70rem, 100vw - 1rem)", maxWidth: "none", minHeight: "20rem", maxHeight: "calc(100dvh - 1rem)",
      padding: 0, border: 0, borderRadius: ".75rem", overflow: "auto", background: "Canvas", color: "CanvasText",
      colorScheme: theme(link) || "inherit", boxShadow: "0 0 0 100vmax rgb(0 0 0 / .5)",
    }, { "aria-label": name });
    const close = make("button", {
      position: "sticky", top: 0, zIndex: 1, display: "block", marginInlineStart: "auto", width: "2.75rem", height: "2.75rem",
      border: 0, borderRadius: ".75rem", background: "Canvas", color: "CanvasText", font: "1.5rem/1 sans-serif", cursor: "pointer",
    }, { type: "button", "aria-label": link.dataset.close || "Close" });
    close.textContent = "×";
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
    dialog.addEventListener("close", () => {
      document.documentElement.style.overflow = "";
      link.focus();
    });
    dialog.append(close, framed(link, { close: () => dialog.close(), lost: () => dialog.open && location.assign(link.href) }));
    document.body.append(dialog);
    return dialog;
  };

  const button = (link) => {
    let dialog;
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab or a window of its own
      event.preventDefault();
      dialog ??= dialogOf(link);
      document.documentElement.style.overflow = "hidden";
      dialog.showModal();
      tell(link, "opened");
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return; // as buttons do
      event.preventDefault();
      link.click();
    });
  };

  const floating = (link) => {
    Object.assign(link.style, {
      position: "fixed", insetBlockEnd: "1rem", insetInlineEnd: "1rem", zIndex: 2147483000, padding: ".75rem 1.25rem",
      borderRadius: "2rem", background: "#2f55c8", color: "#fff", font: "600 1rem/1.5 system-ui, sans-serif",
      textDecoration: "none", boxShadow: "0 .25rem 1rem rgb(0 0 0 / .3)",
    });
    button(link);
  };

  const WAYS = { inline, button, floating };
  const start = () => {
    for (const link of document.querySelectorAll("a[data-bookme]")) {
      const way = WAYS[link.dataset.bookme];
      if (!way || link.dataset.ready) continue;
      link.dataset.ready = "1"; // there may be this script twice
      way(link);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
