// The box of the search answers while somebody types: a combobox with a list, after the ARIA Authoring Practices.
(() => {
  const WAIT = 120; // milliseconds after the last key
  const MOST = 8;
  const language = document.documentElement.lang;

  function choose(names) {
    const known = names[language] ? language : ["en", "ja-latn", "ja", ""].find((tag) => names[tag]);
    return [names[known] || "", known];
  }

  function addText(parent, className, text, lang) {
    const part = document.createElement("span");
    part.className = className;
    part.textContent = text;
    if (lang && lang !== language) part.lang = lang;
    parent.append(part, " ");
  }

  function start(form) {
    const input = form.querySelector("input");
    const status = form.querySelector("[role=status]");
    const texts = JSON.parse(form.dataset.texts);
    const list = document.createElement("ul");
    list.id = `${input.id}-list`;
    list.className = "search-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", texts.found);
    input.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
    })) input.setAttribute(name, value);

    let active = -1;
    let timer = 0;
    let asked = null;
    let answered = "";

    function close() {
      clearTimeout(timer);
      asked?.abort();
      list.hidden = true;
      mark(-1);
      input.setAttribute("aria-expanded", "false");
    }

    function mark(number) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = number;
      const option = list.children[number];
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function makeOption(hit, number) {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.page = hit.page;
      const [name, tag] = choose(hit.name);
      addText(option, "name", name, tag);
      const other = hit.name[language === "ja" ? "en" : "ja"];
      if (other && other !== name) addText(option, "other", other, language === "ja" ? "en" : "ja");
      const around = hit.within.slice(0, 2).map((place) => choose(place.name));
      addText(option, "kind", texts[hit.kind]);
      for (const [text, lang] of around) addText(option, "kind", text, lang);
      if (hit.match === "guess") addText(option, "badge", texts.meant);
      else if (!hit.editions.length) addText(option, "badge", texts.unlisted);
      else if (!hit.current) addText(option, "badge", texts.past);
      option.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => location.assign(option.dataset.page));
      return option;
    }

    function show(answer) {
      const hits = answer.hits.length ? answer.hits : answer.guesses;
      list.replaceChildren(...hits.slice(0, MOST).map(makeOption));
      active = -1;
      mark(-1);
      list.hidden = hits.length === 0;
      input.setAttribute("aria-expanded", String(hits.length > 0));
      status.textContent = hits.length ? texts.some.replace("NUMBER", answer.total || hits.length) : texts.none;
    }

    // Where nobody answers, as in the static twin, another script has the function that finds.
    async function askServer(question, limit, signal) {
      const address = new URL(form.action);
      address.search = new URLSearchParams({ q: question, limit, format: "json" });
      const response = await fetch(address, { signal });
      return response.ok ? response.json() : null;
    }

    async function ask() {
      const question = input.value.trim();
      asked?.abort();
      if (!question) {
        close();
        status.textContent = "";
        return;
      }
      asked = new AbortController();
      try {
        const answer = await (globalThis.madoguchiFind ?? askServer)(question, MOST, asked.signal);
        if (!answer) return close();
        if (document.activeElement !== input || input.value.trim() !== question) return;
        answered = question;
        show(answer);
      } catch (error) {
        if (error.name !== "AbortError") close(); // without the list the form still works
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // the keys are those of the input method for Japanese
      const count = list.children.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          if (count && answered === input.value.trim()) {
            list.hidden = false;
            input.setAttribute("aria-expanded", "true");
          } else {
            ask();
            return;
          }
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(list.children[active].dataset.page);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // a second time empties the box
        close();
      }
    });
  }

  document.querySelectorAll("form.search-box").forEach(start);
})();
