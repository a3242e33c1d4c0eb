"use strict";

// The filter of the vocabulary, while one types; without this the server filters.
(() => {
  const input = document.getElementById("filter");
  const status = document.getElementById("filter-status");
  if (!input || !status) return;
  const terms = [...document.querySelectorAll(".terms .term")];
  const texts = new Map(terms.map((term) => [term, fold(term.textContent)]));

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function apply() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    for (const term of terms) {
      term.hidden = !words.every((word) => texts.get(term).includes(word));
    }
    for (const section of document.querySelectorAll(".terms > section")) {
      const hasTerms = section.querySelector(".term:not([hidden])");
      section.hidden = section.classList.contains("followed") ? words.length > 0 : !hasTerms;
    }
    const found = terms.some((term) => !term.hidden);
    status.textContent = found ? "" : status.dataset.none;
  }

  input.addEventListener("input", () => {
    apply();
    input.scrollIntoView({ block: "nearest" }); // what is hidden makes the page shorter
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  window.addEventListener("hashchange", () => {
    const target = document.querySelector(":target");
    if (!target || !target.closest("[hidden]")) return;
    input.value = "";
    apply();
    target.scrollIntoView();
  });
})();
