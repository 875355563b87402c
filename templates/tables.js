// Filters and sorting of tables, an addition: without it every row is shown, in the order of the page.
"use strict";

for (const controls of document.querySelectorAll(".filters")) {
  const rows = [...document.getElementById(controls.dataset.table).tBodies[0].rows];
  const choices = [...controls.querySelectorAll("select")];
  const name = controls.querySelector("input");
  const shown = controls.querySelector("output");
  const narrow = () => {
    const part = name?.value.normalize("NFKC").trim().toLowerCase() ?? "";
    for (const row of rows) {
      row.hidden =
        choices.some(({ name, value }) => value && row.dataset[name] !== value) ||
        (part && !`${row.dataset.name} ${row.querySelector("th").textContent}`.toLowerCase().includes(part));
    }
    shown.textContent = rows.filter((row) => !row.hidden).length;
  };
  controls.addEventListener("input", narrow);
  controls.hidden = false;
  narrow(); // a browser that comes back to the page keeps what was chosen
}

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
const compare = (one, other) => {
  const difference = one && other ? Number(one) - Number(other) : NaN;
  return Number.isNaN(difference) ? collator.compare(one, other) : difference;
};

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const key = ({ cells }) => cells[at].dataset.sort ?? cells[at].textContent.replaceAll(",", "");
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const order = head.ariaSort === "ascending" ? "descending" : "ascending";
      const sign = order === "ascending" ? 1 : -1;
      for (const each of heads) each.ariaSort = null;
      head.ariaSort = order;
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort((one, other) => sign * compare(key(one), key(other))));
    });
    head.append(button);
  });
}
