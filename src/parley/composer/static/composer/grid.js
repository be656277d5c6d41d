"use strict";
/* The grid of the composer under the keyboard. Without this script each cell is reached by Tab.
 *
 *   ↑ ↓        the same cell of the row above or below
 *   F2         all of the cell marked, or the mark taken away
 *   Ctrl+D     what stands in the cell above
 *
 * While an input method composes a word no key means anything else.
 */
(() => {
  const grid = document.getElementById("grid");
  if (!grid) return;

  function beside(cell, by) {
    const column = cell.closest("td").cellIndex;
    const rows = [...grid.tBodies[0].rows].filter((row) => row.id.startsWith("row-"));
    const here = rows.indexOf(cell.closest("tr"));
    const row = rows[here + by];
    return row ? row.cells[column].querySelector("input:not([type=hidden]), textarea") : null;
  }

  function fill(cell) {
    const above = beside(cell, -1);
    if (!above || above.type === "checkbox") return false;
    cell.value = above.value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  function mark(cell) {
    const isMarked = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    cell.setSelectionRange(isMarked ? cell.value.length : 0, cell.value.length);
    return true;
  }

  function go(cell, by) {
    const next = beside(cell, by);
    if (next) next.focus();
    return Boolean(next);
  }

  function act(event) {
    const cell = event.target;
    if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "d") return fill(cell);
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "F2" && cell.type !== "checkbox") return mark(cell);
    // A list of values opens with the arrows; a text of several lines is walked through with them.
    if (cell.list || (cell instanceof HTMLTextAreaElement && cell.value.includes("\n"))) return false;
    if (event.key === "ArrowUp") return go(cell, -1);
    return event.key === "ArrowDown" && go(cell, 1);
  }

  grid.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.target.matches("input, textarea") && act(event)) event.preventDefault();
  });
})();
