(() => {
  "use strict";

  // A button to copy an e-mail or an IRI, where the browser lets a page write to the clipboard (not over plain HTTP).
  const place = navigator.clipboard;
  const buttons = document.querySelectorAll("button.copy");
  for (const button of place ? buttons : []) {
    const shown = button.firstElementChild;
    const name = shown.textContent;
    let back = 0;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await place.writeText(button.dataset.copy);
      } catch {
        return;
      }
      shown.textContent = button.dataset.copied;
      clearTimeout(back);
      back = setTimeout(() => { shown.textContent = name; }, 2000);
    });
  }
})();
