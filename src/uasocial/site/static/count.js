// How long a text is, as each platform counts it, for a page where somebody edits a text: what
// `uasocial.platforms.counting` answers.
//
// Each stretch below, and each file count-rule-*.js, has the name of its twin in src/uasocial/text/
// and answers as that does. The tables and limits are those of Python: tools/make_counter.py writes
// them into files beside this one. `needs` tells which files a rule wants; load this one before.
//
// Classic scripts, for Chrome 90 and Safari 14, from a disk too. What browsers know of Unicode
// differs, so none of it is asked, but for the normal forms. All takes time linear in the text.

var uasocialCount = (() => {
  "use strict";

  // Each file puts in here what it brings, by its name without `count-`.
  const tables = {};
  const parts = {};

  // ---- tables ---------------------------------------------------------------------------

  // A set of characters is written as the gaps between its edges, in base 36: where it begins,
  // where it ends, where it begins again.
  const members = (written) => {
    let edge = 0;
    const edges = written.split(" ").map((gap) => (edge += parseInt(gap, 36)));
    return (code) => edgesUpTo(edges, code) % 2 === 1;
  };

  const edgesUpTo = (edges, code) => {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle] <= code) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const oneOf = (chars) => {
    const codes = new Set(Array.from(chars, (char) => char.codePointAt(0)));
    return (code) => codes.has(code);
  };

  const translated = (text, letters) =>
    Array.from(text, (char) => letters.get(char) || char).join("");

  const once = (make) => {
    let made = null;
    return () => (made === null ? (made = make()) : made);
  };

  // ---- texts: what Python does by slices and patterns --------------------------------------

  const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;
  const isLow = (unit) => unit >= 0xdc00 && unit <= 0xdfff;
  const isLetter = (unit) => (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  const isDigit = (unit) => unit >= 0x30 && unit <= 0x39;
  const isAlnum = (unit) => isLetter(unit) || isDigit(unit);
  const isAscii = (text) => /^[\0-\x7f]*$/.test(text);
  const isPrintableAscii = (text) => /^[ -~]*$/.test(text);

  // Whether the second unit of a pair stands at this place.
  const withinPair = (text, at) => isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1));

  const codeBefore = (text, at) =>
    withinPair(text, at - 1) ? text.codePointAt(at - 2) : text.charCodeAt(at - 1);

  const afterChar = (text, at) => at + (withinPair(text, at + 1) ? 2 : 1);

  // Where the run of units ends that are inside; a set has both units of a pair, or none.
  const runEnd = (text, at, inside) => {
    while (at < text.length && inside(text.charCodeAt(at))) at += 1;
    return at;
  };

  const charsEnd = (text, at, inside) => {
    while (at < text.length && inside(text.codePointAt(at))) at = afterChar(text, at);
    return at;
  };

  const rightEnd = (text, start, end, outside) => {
    while (end > start && outside(text.charCodeAt(end - 1))) end -= 1;
    return end;
  };

  const lastPlace = (text, unit, start, end) => {
    while (end > start && text.charCodeAt(end - 1) !== unit) end -= 1;
    return end > start ? end - 1 : -1;
  };

  // ---- units.py ---------------------------------------------------------------------------

  const utf16Units = (text) => text.length;

  const codePoints = (text) => {
    let count = text.length;
    for (let at = 1; at < text.length; at += 1) if (withinPair(text, at)) count -= 1;
    return count;
  };

  const utf8Bytes = (text) => {
    let count = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (withinPair(text, at)) count += 1;
      else count += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    }
    return count;
  };

  // The kind of each character: [its class of UAX 29, its part in an Indic conjunct].
  const kinds = once(() => {
    const kindsOf = new Map(
      Object.entries(tables.graphemes.kinds).map(([sign, kind]) => [sign, kind.split(" ")]),
    );
    const edges = [];
    const found = [];
    let edge = 0;
    for (const [, length, sign] of tables.graphemes.runs.matchAll(/([0-9a-z]+)([A-Z])/g)) {
      edges.push((edge += parseInt(length, 36)));
      found.push(kindsOf.get(sign));
    }
    return (code) => found[edgesUpTo(edges, code)];
  });

  const HANGUL_SYLLABLES = 0xac00;
  const HANGUL_ENDINGS = 28;
  const FOLLOWERS = {
    L: ["L", "V", "LV", "LVT"],
    V: ["V", "T"],
    LV: ["V", "T"],
    T: ["T"],
    LVT: ["T"],
  };
  const CONTROLS = ["CR", "LF", "Control"];
  const JOINED = ["Extend", "ZWJ", "SpacingMark"];

  const classOf = (name, code) => {
    if (name !== "Syllable") return name;
    return (code - HANGUL_SYLLABLES) % HANGUL_ENDINGS === 0 ? "LV" : "LVT";
  };

  // Extended grapheme clusters (UAX 29), Indic conjuncts in one piece or, as in Unicode 15.0, not.
  const graphemes = (text, conjunctsApart = false) => {
    const kindOf = kinds();
    let [clusters, conjuncts] = [0, 0];
    let before = "";
    let flags = 0;
    // Of a pictograph: "Pictograph" from it on, "ZWJ" once a joiner follows; of a conjunct alike.
    let [picture, conjunct] = ["", ""];
    for (const char of text) {
      const code = char.codePointAt(0);
      const [name, part] = kindOf(code);
      const here = classOf(name, code);
      if (breaks(before, here, picture, flags)) clusters += 1;
      flags = here === "Regional_Indicator" ? flags + 1 : 0;
      if (here === "Pictograph") picture = here;
      else if (here === "ZWJ") picture = picture === "Pictograph" ? here : "";
      else if (here !== "Extend" || picture === "ZWJ") picture = "";
      if (part === "Consonant") {
        if (conjunct === "Linker") conjuncts += 1;
        conjunct = part;
      } else if (part === "Linker") conjunct = conjunct && part;
      else if (part !== "Extend") conjunct = "";
      before = here;
    }
    return conjunctsApart ? clusters : clusters - conjuncts;
  };

  // Rules GB3 to GB13 without GB9c, as far as the characters before have been seen.
  const breaks = (before, here, picture, flags) => {
    if (before === "CR" && here === "LF") return false;
    if (before === "" || CONTROLS.includes(before) || CONTROLS.includes(here)) return true;
    if (JOINED.includes(here) || before === "Prepend") return false;
    if (here === "Pictograph" && picture === "ZWJ") return false;
    if (here === "Regional_Indicator" && flags % 2 === 1) return false;
    return !(FOLLOWERS[before] || []).includes(here);
  };

  // ---- sms.py -----------------------------------------------------------------------------

  // [units, limit]: septets of GSM-7, or UTF-16 units in UCS-2.
  const sms = (text) => {
    const { basic, extension, gsm7, ucs2 } = tables.sms;
    const [isBasic, isExtension] = [oneOf(basic), oneOf(extension)];
    let units = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (!isBasic(unit) && !isExtension(unit)) return [text.length, ucs2];
      units += isExtension(unit) ? 2 : 1;
    }
    return [units, gsm7];
  };

  // ---- counting.py ------------------------------------------------------------------------

  const isLimit = (limit) => limit !== null && limit !== undefined;
  const within = (length, limit) => !isLimit(limit) || length <= limit;

  const measured = (length, limits, fits = true) => ({
    length,
    limit: isLimit(limits.length) ? limits.length : null,
    fits: fits && within(length, limits.length),
  });

  const countX = (text, limits) => {
    const { weightedLength, holdsRefused } = parts["rule-x"]();
    const length = weightedLength(text);
    return measured(length, limits, length > 0 && !holdsRefused(text));
  };

  const countMastodon = (text, limits, warning) => {
    const status = parts["rule-mastodon"]().status(text, warning, limits.url_length);
    return measured(graphemes(status, true), limits);
  };

  const countBluesky = (text, limits) =>
    measured(graphemes(text), limits, within(utf8Bytes(text), limits.bytes));

  const countSms = (text, limits) => {
    const [length, limit] = sms(text);
    return measured(length, { length: isLimit(limits.length) ? limit : null });
  };

  const unit = (count) => (text, limits, warning) =>
    measured(count(text), limits, within(codePoints(warning), limits.warning));

  // Each rule: how it counts, and the files that it needs.
  const RULES = new Map([
    ["x", [countX, ["links", "rule-x", "tlds", "x"]]],
    ["mastodon", [countMastodon, ["graphemes", "links", "mastodon", "rule-mastodon", "tlds"]]],
    ["bluesky", [countBluesky, ["graphemes"]]],
    ["sms", [countSms, ["sms"]]],
    ["graphemes", [unit((text) => graphemes(text)), ["graphemes"]]],
    ["code-points", [unit(codePoints), []]],
    ["utf-16", [unit(utf16Units), []]],
    ["utf-8", [unit(utf8Bytes), []]],
  ]);

  const ruleOf = (name) => {
    const rule = RULES.get(name);
    if (rule === undefined) throw new Error(`no counting rule is called ${name}`);
    return rule;
  };

  // The names of the files count-*.js to load before a text is measured by *rule*.
  const needs = (rule) => ruleOf(rule)[1].slice();

  // Measure *text* as a platform with these limits does: {length, limit, fits}.
  const measure = (limits, text, warning = "") => {
    const [count, files] = ruleOf(limits.rule);
    const missing = files.filter((name) => !(name in tables) && !(name in parts));
    if (missing.length === 0) return count(text, limits, warning);
    const names = missing.map((name) => `count-${name}.js`).join(", ");
    throw new Error(`load ${names} before counting by the rule ${limits.rule}`);
  };

  // What the other files are made with.
  const texts = {
    afterChar,
    charsEnd,
    codeBefore,
    codePoints,
    isAlnum,
    isAscii,
    isDigit,
    isLetter,
    isPrintableAscii,
    lastPlace,
    members,
    once,
    oneOf,
    rightEnd,
    runEnd,
    translated,
    withinPair,
  };

  return { measure, needs, parts, tables, texts };
})();
