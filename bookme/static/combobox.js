/* Makes select[data-combobox] one that is searched by typing: city, country, offset
   (w3.org/WAI/ARIA/apg/patterns/combobox, editable, with a list). The select stays, unseen, and is what is sent.
   data-hint: what can be typed. data-none: nothing fits. */
(() => {
  "use strict";
  const MOST = 60;
  const make = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("−", "-").toLowerCase();
  const OFFSET = /^(?:utc|gmt)?([+-])0?(\d{1,2})(?::?(\d\d))?$/;

  function finder(options) {
    const rows = options.map((option) => {
      const text = plain(option.text);
      return { option, text: `${text} ${plain(option.value).replace(/[_/]/g, " ")}` };
    });
    const fits = (text, word) => {
      const [, sign, hours, minutes] = word.match(OFFSET) ?? [];
      if (!sign) return text.includes(word);
      return text.includes(`(utc${sign}${hours}${minutes && +minutes ? `:${minutes})` : minutes ? ")" : ""}`)
        && (minutes || /^[:)]/.test(text.split(`(utc${sign}${hours}`)[1]));
    };
    return (typed) => {
      const words = plain(typed).replace(/(utc|gmt)\s+(?=[+-])/, "$1").split(/[\s,]+/).filter(Boolean);
      const found = rows.filter(({ text }) => words.every((word) => fits(text, word)));
      const ahead = ({ text }) => (words.length && text.startsWith(words[0]) ? 0 : 1);
      return found.sort((a, b) => ahead(a) - ahead(b)).slice(0, MOST).map(({ option }) => option);
    };
  }

  function enhance(select) {
    const id = select.id;
    const find = finder([...select.options]);
    const input = make("input", {
      type: "text", role: "combobox", id, autocomplete: "off", spellcheck: "false", placeholder: select.dataset.hint,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    for (const name of ["aria-invalid", "aria-describedby"])
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    const list = make("ul", { role: "listbox", id: `${id}-list`, class: "options", "aria-label": select.labels[0].textContent });
    const none = make("p", { role: "status", class: "help" });
    const wasFocused = document.activeElement === select;
    let at = -1;

    const chosen = () => select.selectedOptions[0];
    const close = () => {
      list.hidden = true;
      none.textContent = "";
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (nth) => {
      at = nth;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === nth));
      const item = list.children[nth];
      if (item) {
        input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };
    const open = (typed) => {
      const found = find(typed);
      list.replaceChildren(...found.map((option, nth) => {
        const item = make("li", { role: "option", id: `${id}-${nth}` });
        const [place, now] = option.text.split(" · ");
        item.append(place, Object.assign(document.createElement("small"), { textContent: now ?? "" }));
        item.option = option;
        return item;
      }));
      none.textContent = found.length ? "" : select.dataset.none;
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      mark(typed ? 0 : found.indexOf(chosen()));
    };
    const choose = (item) => {
      select.value = item.option.value;
      input.value = item.option.text;
      close();
      select.form.requestSubmit();
    };

    input.addEventListener("input", () => open(input.value));
    input.addEventListener("click", () => list.hidden && open(""));
    input.addEventListener("focus", () => {
      input.select();
      requestAnimationFrame(() => (input.scrollLeft = 0)); // its beginning is seen
    });
    input.addEventListener("blur", () => {
      close();
      input.value = chosen().text;
    });
    input.addEventListener("keydown", (event) => {
      const down = event.key === "ArrowDown";
      if (down || event.key === "ArrowUp") {
        if (list.hidden) open("");
        else if (!event.altKey) mark((at + (down ? 1 : -1) + list.children.length) % list.children.length);
        else if (!down) close();
      } else if (event.key === "Enter" && !list.hidden && list.children[at]) choose(list.children[at]);
      else if (event.key === "Escape" && !list.hidden) {
        close();
        input.value = chosen().text;
      } else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    list.addEventListener("click", ({ target }) => {
      const item = target.closest("li");
      if (item) choose(item);
    });

    input.value = chosen().text;
    select.removeAttribute("id");
    select.removeAttribute("autofocus");
    select.hidden = true;
    select.before(input, list, none);
    close();
    if (wasFocused) input.focus();
  }

  const enhanceAll = () => {
    for (const select of document.querySelectorAll("select[data-combobox]:not([hidden])")) enhance(select);
  };
  document.addEventListener("htmx:afterSettle", enhanceAll);
  enhanceAll();
})();
