"use strict";

// The query page: keys in the plain field, copying, and addresses as they are from where one reads.
(() => {
  const field = document.querySelector("form.query textarea");
  if (!field) return;

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
  });
  field.form.addEventListener("submit", () => {
    const isLong = encodeURIComponent(field.value).length > 6000; // more than an address may have everywhere
    field.form.method = isLong ? "post" : "get";
  });

  const here = new URL(field.form.action); // the server may be reached under another name than that of its data
  const address = (here.origin + here.pathname).replaceAll("'", "%27");
  for (const code of document.querySelectorAll("code[data-endpoint]")) {
    for (const mark of ["'", '"']) { // as a string of the program: in the query the same address is the name of a thing
      code.textContent = code.textContent.replaceAll(mark + code.dataset.endpoint, () => mark + address);
    }
  }

  const offer = (button, find) => {
    button.hidden = false;
    const before = button.textContent;
    const status = document.querySelector("[data-copied]");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(find());
      } catch { // without a secure connection there is no clipboard
        return;
      }
      button.textContent = status.textContent = status.dataset.copied;
      setTimeout(() => { button.textContent = before; status.textContent = ""; }, 2000);
    });
  };
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy-link]")) {
    offer(button, () => button.parentElement.querySelector("a").href);
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    offer(button, () => button.parentElement.querySelector("code").textContent);
  }
})();
