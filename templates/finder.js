// Search for a city by Chinese name, pinyin or its initials, English name or code. What is chosen is told
// in an event `chosen` of the box; where nobody takes it up, its scorecard is opened.
"use strict";

(() => {
  const MOST = 10;
  const plain = (words) => words.normalize("NFKC").toLowerCase().replace(/[\s'’·-]/g, "");
  const keys = new Map();

  const keysOf = (city) => {
    if (!keys.has(city)) {
      const said = [city.name, city.name_en, city.pinyin, ...city.initials, city.code];
      keys.set(city, said.filter(Boolean).map(plain));
    }
    return keys.get(city);
  };

  /** 0 for a whole name (with or without 市), 1 for a beginning, 2 for a part, null for none. */
  const nearness = (city, asked) => {
    const said = keysOf(city);
    if (said.some((key) => key === asked || key === `${asked}市`)) return 0;
    if (said.some((key) => key.startsWith(asked))) return 1;
    return said.some((key) => key.includes(asked)) ? 2 : null;
  };

  const search = (cities, words) => {
    const asked = plain(words);
    if (!asked) return [];
    return cities
      .map((city) => [nearness(city, asked), city])
      .filter(([near]) => near !== null)
      .sort(([one], [other]) => one - other)
      .map(([, city]) => city);
  };

  const text = (tag, words, name = "") => {
    const made = document.createElement(tag);
    made.textContent = words;
    made.className = name;
    return made;
  };

  for (const box of document.querySelectorAll(".finder")) {
    const [input, list, told] = box.children;
    let found = [];
    let active = -1;

    const point = (at) => {
      active = at;
      [...list.children].forEach((option, place) => {
        option.ariaSelected = String(place === at);
        if (place === at) option.scrollIntoView({ block: "nearest" });
      });
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", list.children[at].id);
    };
    const close = () => {
      list.hidden = true;
      input.ariaExpanded = "false";
      point(-1);
    };
    const choose = (city) => {
      input.value = "";
      close();
      told.textContent = "";
      const chosen = new CustomEvent("chosen", { detail: city, cancelable: true });
      if (box.dispatchEvent(chosen)) location.href = `${box.dataset.cities}/${city.code}.html`;
    };
    const show = async () => {
      const { cities, classes } = await cci.load(box.dataset.data, "cities");
      const all = search(cities, input.value);
      found = all.slice(0, MOST);
      list.replaceChildren(
        ...found.map((city, at) => {
          const option = document.createElement("li");
          option.role = "option";
          option.id = `${list.id}-${at}`;
          const names = cci.lang ? [city.name_en, city.name] : [city.name, city.name_en];
          const where = [cci.lang ? city.province_en : city.province, classes[city.class][cci.lang]];
          option.append(text("bdi", names[0], "b"), " ", text("bdi", names[1], "alt"));
          option.append(text("small", `${where.join(" · ")} · ${city.code}`));
          option.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
          option.addEventListener("click", () => choose(city));
          return option;
        }),
      );
      list.hidden = !found.length;
      input.ariaExpanded = String(found.length > 0);
      point(found.length ? 0 : -1);
      const { found: some, nothing } = told.dataset;
      told.textContent = !plain(input.value) ? "" : all.length ? some.replace("#", all.length) : nothing;
      box.classList.toggle("nothing", Boolean(plain(input.value)) && !all.length);
    };
    const KEYS = {
      ArrowDown: () => (list.hidden ? show() : point((active + 1) % found.length)),
      ArrowUp: () => list.hidden || point((active + found.length - 1) % found.length),
      Enter: () => list.hidden || active < 0 || choose(found[active]),
      Escape: () => close(),
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !(event.key in KEYS)) return; // an input method is choosing characters
      event.preventDefault();
      KEYS[event.key]();
    });
    input.addEventListener("focus", () => cci.load(box.dataset.data, "cities"), { once: true });
    input.addEventListener("input", show);
    input.addEventListener("blur", close);
    box.hidden = false;
  }
})();
