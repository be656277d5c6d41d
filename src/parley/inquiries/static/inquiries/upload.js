// Shows how much of a file has come while it is added to a form. Without this the same button sends the same form.
"use strict";

(() => {
  const field = document.querySelector("[data-upload]");
  const button = field && document.getElementById(field.dataset.upload);
  const progress = document.querySelector("progress.upload");
  if (!button || !progress) return;

  button.addEventListener("click", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const end = () => { progress.hidden = true; button.disabled = false; };
    request.open("POST", button.formAction);
    request.upload.addEventListener("progress", (sent) => {
      progress.value = sent.lengthComputable ? (100 * sent.loaded) / sent.total : 0;
    });
    request.addEventListener("load", () => {
      end();
      if (request.status === 200 && request.responseURL !== button.formAction) {
        window.location.assign(`${request.responseURL}#files-title`);
        return;
      }
      // What is wrong stands on the page that came back.
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
    });
    request.addEventListener("error", end);
    progress.hidden = false;
    button.disabled = true;
    request.send(new FormData(button.form));
  });
})();
