// Data that scripts of pages read: files that each set one name, so that they come from file:// too.
"use strict";

globalThis.cci = {
  data: {},
  asked: {},

  /** What the file of that name in the folder sets: `cities`, `class-county`. Asked for once. */
  load(folder, name) {
    return (this.asked[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${folder}/${name}.js`;
      script.onload = () => resolve(this.data[name]);
      script.onerror = () => reject(new Error(`${script.src} could not be read`));
      document.head.append(script);
    }));
  },

  /** 0 on Chinese pages, 1 on English ones: places of a text in the data. */
  lang: document.documentElement.lang.startsWith("zh") ? 0 : 1,
};
