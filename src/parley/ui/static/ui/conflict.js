"use strict";
/* Two texts for one field, one beside the other, and a button for each (screens E-15).
 *
 *   Parley.conflict(form, {field, theirs, by, at}, choose)   the box at the field, null if there is none;
 *   box.refresh()   shows what stands in the field by now   box.hold()   waits for the choice to be taken
 *   choose(null) keeps one's own text, choose(theirs) takes theirs
 */
(() => {
  const { Parley } = window;
  const { controls, spoken, values } = Parley.fields;

  function titled(word) {
    const title = document.createElement("strong");
    const text = document.createElement("pre");
    title.textContent = Parley.word(word);
    return [title, text];
  }

  function button(word, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary";
    made.textContent = Parley.word(word);
    made.addEventListener("click", act);
    return made;
  }

  Parley.conflict = (form, { field: name, theirs, by, at }, choose) => {
    const [field] = controls(form, name);
    if (!field) return null;
    const box = document.createElement("div");
    const said = document.createElement("p");
    const [ours, ourText] = titled("mine");
    const [others, otherText] = titled("theirs");
    const buttons = [button("keep", () => choose(null)), button("take", () => choose(theirs))];
    box.className = "conflict";
    box.setAttribute("role", "group");
    said.textContent = Parley.word("conflict", { by, time: typeof at === "number" ? Parley.time(at) : at });
    otherText.textContent = spoken(form, name, theirs);
    box.append(said, ours, ourText, others, otherText, buttons[0], " ", buttons[1]);
    box.theirs = theirs;
    box.refresh = () => {
      ourText.textContent = spoken(form, name, values(new FormData(form), name).filter(Boolean).join("\n"));
    };
    box.hold = () => buttons.forEach((each) => (each.disabled = true));
    box.refresh();
    (field.closest(".field, td") || field.parentElement).append(box);
    return box;
  };
})();
