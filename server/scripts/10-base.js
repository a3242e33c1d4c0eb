"use strict";

// Pages work without script. What a part adds it adds only where its elements are on the page.
document.documentElement.classList.add("scripted");
