(() => {
  "use strict";

  // A button to copy an e-mail or an IRI, where the browser lets a page write to the clipboard (not over plain HTTP).
  const place = navigator.clipboard;
  const buttons = document.querySelectorAll("button.copy");
  for (const button of place ? buttons : []) {
    const name = button.textContent;
    let back = 0;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await place.writeText(button.dataset.copy);
      } catch {
        return;
      }
      button.textContent = button.dataset.copied;
      clearTimeout(back);
      back = setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
})();
