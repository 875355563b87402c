// What if a value were another: index and rank follow at once, all else equal.
"use strict";

for (const section of document.querySelectorAll("#what-if")) {
  const panel = section.querySelector("details");
  const { city, class: cityClass, data: folder, yes, no, input: inputLabel } = panel.dataset;
  const own = JSON.parse(panel.dataset.own);
  const shown = (name) => section.querySelector(`[data-show=${name}]`);

  const cell = (tag, content, attributes = {}) => {
    const made = document.createElement(tag);
    made.append(content);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const signed = (number, places) => {
    const words = Math.abs(number).toFixed(places);
    if (Number(words) === 0) return "";
    return (number > 0 ? "+" : "−") + words;
  };
  const tell = (place, words, direction) => {
    place.textContent = words;
    place.className = words ? (direction > 0 ? "up" : "down") : "same";
  };

  const field = (leaf, value) => {
    const label = { "aria-label": inputLabel.replace("#", leaf.name[cci.lang]) };
    if (leaf.flag) {
      const select = cell("select", "", label);
      for (const [given, words] of [["", "–"], ["1", yes], ["0", no]]) select.add(new Option(words, given));
      select.value = value === null ? "" : String(Number(value === 1));
      return select;
    }
    const input = cell("input", "", { ...label, type: "number", step: "any", inputmode: "decimal" });
    input.value = value === null ? "" : String(Number((value * leaf.scale).toPrecision(6)));
    return input;
  };

  const build = (data) => {
    const leaves = data.rows.filter((row) => row.rule);
    const now = data.cities[city];
    const others = Object.keys(data.cities)
      .filter((code) => code !== city)
      .map((code) => data.cities[code].index);
    const body = panel.querySelector("tbody");
    const lines = [];
    for (const row of data.rows) {
      const name = row.name[cci.lang];
      const line = document.createElement("tr");
      if (!row.rule) {
        line.className = `group l${row.level}`;
        line.append(cell("th", name, { scope: "colgroup", colspan: 4 }));
      } else {
        const [value, points] = own[lines.length];
        const link = cell("a", name, { href: `#${row.id}` });
        const entered = field(row, value);
        const won = cell("td", points.toFixed(2), { class: "n" });
        const change = cell("td", "", { class: "n" });
        const given = cell("td", entered);
        given.append(" ", cell("small", row.unit[cci.lang]));
        won.append(" ", cell("small", `/ ${row.points}`));
        line.append(cell("th", link, { scope: "row" }), given, won, change);
        lines.push({ entered, won, change, before: entered.value });
      }
      body.append(line);
    }

    /** Points and whether they count: as published where the value is, or nothing that has points. */
    const pointsOf = (leaf, at) => {
      const [, points, counted] = own[at];
      const { entered, before } = lines[at];
      const touched = entered.value !== before && entered.value !== "";
      const won = touched ? cci.points(leaf, Number(entered.value) / leaf.scale, cityClass) : null;
      return won === null ? [points, counted] : [won, true];
    };
    const reckon = () => {
      const scored = leaves.map(pointsOf);
      const index = cci.index(
        data.kind,
        scored.map(([points]) => points),
        leaves.map(({ points }, at) => (scored[at][1] ? points : 0)),
      );
      const rank = cci.rank(index, others);
      scored.forEach(([points], at) => {
        lines[at].won.firstChild.data = points.toFixed(2);
        tell(lines[at].change, signed(points - own[at][1], 2), points - own[at][1]);
      });
      shown("index").textContent = index === now.index ? now.printed : index.toFixed(2);
      shown("rank").textContent = rank;
      tell(shown("index-change"), signed(index - now.index, 2), index - now.index);
      const up = now.rank - rank;
      tell(shown("rank-change"), up ? `${up > 0 ? "↑" : "↓"}${Math.abs(up)}` : "", up);
    };
    body.addEventListener("input", reckon);
    panel.querySelector("button").addEventListener("click", () => {
      for (const { entered, before } of lines) entered.value = before;
      reckon();
    });
    reckon();
  };

  panel.addEventListener("toggle", async () => build(await cci.load(folder, `class-${cityClass}`)), {
    once: true,
  });
  section.hidden = false;
}
