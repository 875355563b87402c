// Up to five cities side by side. The address holds the choice, `#330100,330200`, so it can be sent.
"use strict";

for (const section of document.querySelectorAll("#comparison")) {
  const MOST = 5;
  const box = section.querySelector(".finder");
  const [table, told] = [section.querySelector("table"), section.querySelector("[role=status]")];
  const { data: folder, cities: cards } = box.dataset;
  const words = section.dataset;
  const other = document.querySelector("a.lang");
  const otherPage = other.href;

  const cell = (tag, content = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.append(content);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const chosen = () => [...new Set(location.hash.slice(1).split(","))].filter(Boolean);
  const choose = (codes) => {
    location.hash = codes.join(",");
  };

  const head = (codes, cities) => {
    const row = cell("tr");
    row.append(cell("th", words.indicator, { scope: "col" }));
    for (const code of codes) {
      const city = cities.get(code);
      const name = cell("bdi", cci.lang ? city.name_en : city.name);
      const title = cell("th", cell("a", name, { href: `${cards}/${code}.html` }), { scope: "col", class: "n" });
      const without = cell("button", words.remove, { type: "button" });
      without.ariaLabel = words.removeCity.replace("#", name.textContent);
      without.addEventListener("click", () => choose(codes.filter((each) => each !== code)));
      title.append(cell("small", cci.lang ? city.province_en : city.province), without);
      row.append(title);
    }
    row.append(cell("th", words.gap, { scope: "col", class: "n" }));
    return row;
  };

  const fact = (label, values) => {
    const row = cell("tr");
    row.append(cell("th", label, { scope: "row" }));
    for (const value of values) row.append(cell("td", value, { class: "n b" }));
    row.append(cell("td"));
    return row;
  };

  /** Points of one indicator; who has most and least of them is said, where they differ. */
  const line = (row, at, found) => {
    const points = found.map(({ points }) => points[at]);
    const known = points.filter((each) => each !== null);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const differ = known.length > 1 && most > least;
    const made = cell("tr", "", { class: row.rule ? "leaf" : `group l${row.level}` });
    const name = cell("th", row.name[cci.lang], { scope: "row" });
    name.append(" ", cell("small", `/ ${row.points}`));
    made.append(name);
    points.forEach((each, place) => {
      const value = cell("td", each === null ? "–" : each.toFixed(2), { class: "n" });
      const reason = found[place].reasons[at];
      if (reason) value.append(cell("small", words[reason]));
      if (differ && (each === most || each === least)) {
        const best = each === most;
        value.classList.add(best ? "most" : "least");
        value.append(cell("small", best ? words.most : words.least));
      }
      made.append(value);
    });
    made.append(cell("td", differ ? (most - least).toFixed(2) : "–", { class: "n" }));
    return made;
  };

  const show = async () => {
    const { cities: all, classes } = await cci.load(folder, "cities");
    const cities = new Map(all.map((city) => [city.code, city]));
    const codes = chosen().filter((code) => cities.has(code)).slice(0, MOST);
    const kinds = [...new Set(codes.map((code) => cities.get(code).class))];
    const data = new Map();
    for (const kind of kinds) data.set(kind, await cci.load(folder, `class-${kind}`));
    const found = codes.map((code) => data.get(cities.get(code).class).cities[code]);
    const of = codes.map((code) => Object.keys(data.get(cities.get(code).class).cities).length);
    table.tHead.replaceChildren();
    table.tBodies[0].replaceChildren();
    table.hidden = !codes.length;
    other.href = otherPage + location.hash;
    told.textContent = kinds.length > 1 ? words.classes : codes.length < 2 ? words.few : "";
    if (!codes.length) return;
    const { rows } = data.get(kinds[0]);
    table.tHead.append(head(codes, cities));
    table.tBodies[0].append(
      fact(words.class, codes.map((code) => classes[cities.get(code).class][cci.lang])),
      fact(words.index, found.map(({ printed }) => printed)),
      fact(words.rank, found.map(({ rank }, at) => `${rank} / ${of[at]}`)),
      ...rows.map((row, at) => line(row, at, found)),
    );
  };

  box.addEventListener("chosen", (event) => {
    event.preventDefault();
    const codes = chosen();
    if (codes.length >= MOST) told.textContent = words.full;
    else if (!codes.includes(event.detail.code)) choose([...codes, event.detail.code]);
  });
  window.addEventListener("hashchange", show);
  section.hidden = false;
  show();
}
