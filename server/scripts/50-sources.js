"use strict";

// A document: a line that is chosen shows beside the text what it states, without another page.
(() => {
  const text = document.getElementById("text");
  const panel = document.getElementById("panel");
  if (!text || !panel) return;
  const hint = panel.innerHTML;
  const language = document.documentElement.lang;
  let asked = 0;
  panel.hidden = false;

  const showHint = () => { panel.innerHTML = hint; panel.classList.remove("open"); };

  const mark = (line, number) => {
    for (const old of text.querySelectorAll(".struck, .chosen")) old.classList.remove("struck", "chosen");
    if (!line) return;
    line.classList.add("chosen");
    if (number !== null) line.querySelectorAll("code b")[number]?.classList.add("struck");
  };

  const showFacts = async (line, byKeyboard = false) => {
    const turn = ++asked;
    const link = line.querySelector(":scope > a[href*='/']");
    if (!link) return showHint();
    try {
      const response = await fetch(`${link.href}?lang=${language}`, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const facts = page.getElementById("facts");
      if (turn !== asked) return;
      panel.replaceChildren(makeClose(), document.adoptNode(facts));
      panel.scrollTop = 0;
      panel.classList.add("open");
      if (byKeyboard) panel.focus({ preventScroll: true });
      line.scrollIntoView({ block: "nearest" });  // on a small screen the panel covers the lower half
    } catch {
      if (turn === asked) location.assign(link.href);
    }
  };

  const makeClose = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "shut";
    button.textContent = "×";
    button.setAttribute("aria-label", panel.dataset.close);
    button.addEventListener("click", close);
    return button;
  };

  const choose = (line, number = null, byKeyboard = false) => {
    history.replaceState(null, "", `#${line.id}`);
    mark(line, number);
    showFacts(line, byKeyboard);
  };

  const close = () => {
    ++asked;
    const line = text.querySelector(".chosen");
    mark(null, null);
    showHint();
    line?.querySelector("a")?.focus();
  };

  text.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || String(getSelection())) return;
    const line = event.target.closest("li");
    if (!line) return;
    event.preventDefault();
    const own = event.target.closest("code b");
    choose(line, own ? [...line.querySelectorAll("code b")].indexOf(own) : null, event.detail === 0);
  });

  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#L']");
    const line = link && link.pathname === location.pathname && document.getElementById(link.hash.slice(1));
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const number = "mark" in link.dataset ? Number(link.dataset.mark) : null;
    if (line.classList.contains("chosen")) mark(line, number);
    else choose(line, number);
    line.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });

  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.classList.contains("open")) close(); });

  const follow = () => {
    const line = /^#L\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (line) { mark(line, null); showFacts(line); }
  };
  addEventListener("hashchange", follow);
  follow();
})();
