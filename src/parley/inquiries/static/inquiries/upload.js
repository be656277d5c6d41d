/* Adds files to a form, chosen or dropped, one after another, and shows how much of each has come.
 *
 * Without this the same button sends the same form with one file. Each answer is the form as it stands
 * with the file; the next file goes with that one, so nothing that was added before is lost.
 */
"use strict";

(() => {
  const field = document.querySelector("[data-upload]");
  const button = field && document.getElementById(field.dataset.upload);
  const progress = document.querySelector("progress.upload");
  const told = document.querySelector(".upload-told");
  const place = document.querySelector("[data-drop]");
  if (!button || !progress || !told || !place) return;

  /* Show a page anew even where the address differs in its last part alone. */
  function show(address) {
    history.replaceState(null, "", address);
    location.reload();
  }

  const words = (key, values) => told.dataset[`word${key}`].replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  /* What stands in the way before a byte is sent; empty if nothing does. */
  function fault(files) {
    const largest = Number(field.dataset.largest);
    const many = Number(field.dataset.room);
    if (document.querySelectorAll("input[name=files]").length + files.length > many) {
      return words("Many", { count: many });
    }
    const large = files.find((file) => file.size > largest);
    return large ? words("Large", { name: large.name, largest: told.dataset.wordLargest }) : "";
  }

  /* Send the form with one file; return the answer: where it is, and the page. */
  function send(form, file, tell) {
    return new Promise((done, broke) => {
      const request = new XMLHttpRequest();
      form.set(field.name, file, file.name);
      request.open("POST", button.formAction);
      request.upload.addEventListener("progress", (sent) => sent.lengthComputable && tell((100 * sent.loaded) / sent.total));
      request.addEventListener("load", () => done(request));
      request.addEventListener("error", () => broke(request));
      request.send(form);
    });
  }

  async function add(files) {
    told.textContent = fault(files);
    if (told.textContent || button.disabled) return;
    button.disabled = true;
    progress.hidden = false;
    let form = new FormData(button.form);
    let before = "";
    try {
      for (const [index, file] of files.entries()) {
        const about = { name: file.name, place: index + 1, count: files.length };
        const answer = await send(form, file, (share) => {
          progress.value = share;
          told.textContent = words("Coming", { ...about, percent: Math.floor(share) });
        }).catch(() => null);
        if (!answer) {
          told.textContent = words("Broken", about);
          // What came before it stands in the draft: the page that shows it says that not all came.
          if (before) show(`${before}#not-all-came`);
          return;
        }
        const page = new DOMParser().parseFromString(answer.responseText, "text/html");
        if (answer.status !== 200 || answer.responseURL === button.formAction) {
          // What is wrong stands on the page that came back.
          document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
          return;
        }
        before = answer.responseURL;
        form = new FormData(page.getElementById(button.form.id));
        if (index === files.length - 1) show(`${answer.responseURL}#files-title`);
      }
    } finally {
      progress.hidden = true;
      button.disabled = false;
    }
  }

  button.addEventListener("click", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    add([...field.files]);
  });

  const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      place.classList.add("is-over");
    });
  }
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget)) place.classList.remove("is-over");
  });
  place.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    place.classList.remove("is-over");
    add([...event.dataTransfer.files]);
  });
  // Dropped beside it, the browser would open the file and leave what is typed.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => hasFiles(event) && event.preventDefault());
  }
  field.multiple = true;
})();
