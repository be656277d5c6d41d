// The start page of the demonstration: opens the two windows side by side, and keeps the steps up to date.
// Everything works without it: the buttons are links and forms, and the page then loads itself anew.
"use strict";

document.documentElement.classList.add("script");

const EVERY = 1000;
// Pixels: a low window for one step, and what a browser puts around a page.
const STRIP = 290;
const FRAME = 70;
const one = (id) => document.getElementById(id);

const say = (id, text) => {
  const element = one(id);
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
};

const open = (event) => {
  const link = event.target.closest("a.open");
  if (!link || !link.href || event.ctrlKey || event.metaKey || event.shiftKey || screen.availWidth < 900) {
    return;
  }
  event.preventDefault();
  // Two windows side by side, and room for the strip under them.
  const side = link.dataset.side;
  const above = screen.availHeight - STRIP;
  const width = side === "strip" ? screen.availWidth : Math.floor(screen.availWidth / 2);
  const left = (screen.availLeft || 0) + (side === "B" ? width : 0);
  const top = (screen.availTop || 0) + (side === "strip" ? above : 0);
  const height = (side === "strip" ? STRIP : above) - FRAME;
  const place = `left=${left},top=${top},width=${width},height=${height}`;
  window.open(link.href, "_blank", `popup,noopener,${place}`);
};

const post = async (event) => {
  const button = event.submitter;
  if (!button) {
    return;
  }
  event.preventDefault();
  const form = new URLSearchParams(new FormData(event.target, button));
  // Without an attribute of its own, `formAction` of a button is the page, not what its form says.
  const address = button.getAttribute("formaction") || event.target.getAttribute("action");
  const answer = await fetch(address, { method: "POST", body: form, headers: { Accept: "application/json" } });
  if (!answer.ok) {
    location.reload();
  }
  await look();
};

// The group with the step that is due opens, and what is done folds, but under nobody's hands.
const fold = (element, group) => {
  say(`group-stand-${group.name}`, group.word);
  if (element.dataset.stand === group.stand) {
    return;
  }
  element.dataset.stand = group.stand;
  one(`group-stand-${group.name}`).className = `chip ${group.stand}`;
  if (group.stand === "now") {
    element.open = true;
  } else if (group.stand === "done" && !element.contains(document.activeElement)) {
    element.open = false;
  }
};

const show = (now) => {
  for (const link of now.public ? document.querySelectorAll("[data-public]") : []) {
    link.dataset.path = now.public;
  }
  for (const [letter, lamp] of Object.entries(now.lamps)) {
    if (one(`lamp-${letter}`)) {
      one(`lamp-${letter}`).className = `lamp lamp-${lamp.state}`;
    }
    say(`lamp-${letter}`, lamp.word);
  }
  for (const [letter, address] of Object.entries(now.addresses)) {
    say(`address-${letter}`, address);
    for (const link of address ? document.querySelectorAll(`a.open[data-side="${letter}"]`) : []) {
      link.href = address + link.dataset.path;
    }
  }
  for (const step of now.steps) {
    one(`step-${step.name}`).dataset.stand = step.stand;
    one(`stand-${step.name}`).className = `chip ${step.stand}`;
    say(`stand-${step.name}`, step.word);
    say(`note-${step.name}`, step.note);
  }
  for (const group of now.groups) {
    fold(one(`group-${group.name}`), group);
  }
  one("public").hidden = !now.public;
  for (const letter of ["A", "B"]) {
    say(`digits-${letter}`, now.digits[letter]);
    say(`digest-${letter}`, now.digests[letter]);
    say(`receipt-${letter}`, now.receipts[letter]);
  }
  say("same", now.same);
  one("same").classList.toggle("is-same", now.is_same);
  say("act", now.act);
  say("fault", now.fault);
  one("fault-box").hidden = !now.fault;
  one("halt").disabled = !now.is_playing;
  for (const button of document.querySelectorAll("[data-watch]")) {
    button.disabled = now.is_playing || !now.is_ready || now.cheat.is_cheated;
  }
  one("cheat").disabled = now.is_playing || !now.cheat.may_cheat;
  one("put-back").disabled = now.is_playing || !now.cheat.is_cheated;
  one("cheat-told").hidden = !now.cheat.is_cheated;
  now.cheat.lines.forEach((line, at) => say(`cheat-${at + 1}`, line));
  const told = one("told");
  if (!told) {
    return;
  }
  if (told.childElementCount !== now.told.length || (told.firstChild && told.firstChild.textContent !== now.told[0])) {
    told.replaceChildren(...now.told.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }
};

const look = async () => {
  try {
    const answer = await fetch(document.body.dataset.now, { signal: AbortSignal.timeout(5000) });
    show(await answer.json());
    one("lost").hidden = true;
  } catch {
    one("lost").hidden = false;
  }
};

const copy = async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const source = one(button.dataset.copy);
  source.select();
  await navigator.clipboard.writeText(source.value);
  button.textContent = button.dataset.done;
};

// Without this script all of them are open.
for (const group of document.querySelectorAll("details.group")) {
  group.open = group.dataset.stand === "now";
}
document.addEventListener("click", open);
document.addEventListener("click", copy);
one("tour").addEventListener("submit", post);
const beat = async () => {
  await look();
  setTimeout(beat, EVERY);
};
setTimeout(beat, EVERY);
