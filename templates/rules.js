// The rules of indicators/rules.py and the sums of indicators/score.py again, for trying other values.
"use strict";

(() => {
  const STEP_TOLERANCE = 1e-9; // 0.3 / 0.1 is three steps
  const EQUAL = 1e-12;
  const UNITS_PER_POINT = 1e15;
  const UNITS_PER_SUM = 1000n;
  const SUMS_PER_POINT = 1e12;

  const clip = (x, low, high) => Math.min(Math.max(x, low), high);
  const completeSteps = (excess, step) => Math.max(0, Math.floor(excess / step + STEP_TOLERANCE));

  const RULES = {
    flag: (x, p) => (x === 1 ? p : 0),
    share: (x, p) => clip(x, 0, 1) * p,
    multiple: (x, p, { times }) => clip(x * times, 0, p),
    per_unit: (x, p, { rate, county_scale = 1 }, { cityClass }) =>
      clip(x * (cityClass === "county" ? rate * county_scale : rate), 0, p),
    linear: (x, p, { low, high }) => clip((x - low) / (high - low), 0, 1) * p,
    bands: (x, p, { bands }) =>
      bands
        .toSorted((one, other) => one[0] - other[0] || one[1] - other[1])
        .reduce((points, [bound, award]) => (x >= bound ? award : points), 0),
    step_up: (x, p, { start, base, step, gain }) =>
      x >= start ? clip(base + gain * completeSteps(x - start, step), 0, p) : 0,
    deduct: (x, p, { step, penalty, tolerance = 0 }) =>
      clip(p - completeSteps(x - tolerance, step) * penalty, 0, p),
    relative: (x, p, { better }, { lo, hi }) => {
      if (lo === null || hi === null) return null;
      const higher = better === "higher";
      if (hi - lo <= Math.abs(hi) * EQUAL) return !higher || x > 0 ? p : 0;
      return clip((higher ? x - lo : hi - x) / (hi - lo), 0, 1) * p;
    },
    assessor: (x, p) => clip(x, 0, p),
  };

  /** Points of a leaf `{rule, points, parameters, lo, hi}` for a value; null where it has none. */
  cci.points = ({ rule, points, parameters, lo, hi }, x, cityClass) =>
    x === null ? null : RULES[rule](x, points, parameters, { lo, hi, cityClass });

  const sum = (points) => {
    const units = points.reduce((all, each) => all + BigInt(Math.round(each * UNITS_PER_POINT)), 0n);
    return Number((units + UNITS_PER_SUM / 2n) / UNITS_PER_SUM);
  };

  /** Index of points won of points possible, leaf by leaf; of criteria (`model_city`), their total. */
  cci.index = (kind, won, possible) =>
    kind === "monitoring" ? (sum(won) / sum(possible)) * 100 : sum(won) / SUMS_PER_POINT;

  /** Rank among the others' indexes: ties share, the next is skipped. */
  cci.rank = (index, others) => 1 + others.filter((other) => other > index).length;
})();
