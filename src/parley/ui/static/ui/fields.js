"use strict";
/* The fields of a form by name: several boxes, or several lists, may have one name and be one field.
 *
 * As one text, its values stand in it line by line, as the node keeps them.
 */
(() => {
  const isBox = (field) => field.type === "checkbox" || field.type === "radio";

  /** The controls of a field that a person sees. */
  function controls(form, name) {
    return [...form.elements].filter((each) => each.name === name && each.type !== "hidden");
  }

  /** The values of a field as a form sends them; none where nothing is ticked. */
  function values(data, name) {
    const found = data.getAll(name).filter((value) => typeof value === "string");
    return found.length ? found : [""];
  }

  /** A text as the page writes it: what stands beside the boxes that are ticked, what a list calls it. */
  function spoken(form, name, text) {
    const said = (value) => {
      for (const each of controls(form, name)) {
        if (isBox(each) && each.value === value) return (each.labels[0] || { textContent: value }).textContent.trim();
        const option = value && each.options && [...each.options].find((one) => one.value === value);
        if (option) return option.textContent;
      }
      return value;
    };
    return text.split("\n").map(said).join("\n");
  }

  /** Put a text into a field. */
  function fill(form, name, text) {
    const found = controls(form, name);
    const lines = text.split("\n");
    found.forEach((each, place) => {
      if (isBox(each)) each.checked = lines.includes(each.value);
      else each.value = found.length > 1 ? lines[place] || "" : text;
    });
  }

  window.Parley.fields = { controls, fill, isBox, spoken, values };
})();
