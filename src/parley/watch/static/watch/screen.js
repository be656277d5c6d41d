"use strict";
/* The page on which the watch is taken says on which screen: by the name that this browser gives itself (beat.js). */
(() => {
  const field = document.querySelector("[data-screen]");
  if (!field) return;
  try {
    field.value = localStorage.getItem("parley-screen") || "";
  } catch {
    field.value = "";
  }
})();
