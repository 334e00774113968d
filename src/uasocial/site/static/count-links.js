// What the rules of X and Mastodon share about addresses: x_domains.py, mastodon_urls.py.

uasocialCount.parts.links = (() => {
  "use strict";

  const { isAlnum, isLetter, once, runEnd, translated } = uasocialCount.texts;

  // Where brackets end, of a path with at most one more pair of brackets in it; -1 for none.
  const bracketsEnd = (text, at, inside) => {
    if (text[at] !== "(") return -1;
    const first = runEnd(text, at + 1, inside);
    if (text[first] === ")") return first > at + 1 ? first + 1 : -1;
    if (text[first] !== "(") return -1;
    const second = runEnd(text, first + 1, inside);
    if (second === first + 1 || text[second] !== ")") return -1;
    const third = runEnd(text, second + 1, inside);
    return text[third] === ")" ? third + 1 : -1;
  };

  // Whether an ASCII letter, a digit or one of three signs keeps a top-level domain from its end.
  const mayFollowTld = (unit) =>
    !(isAlnum(unit) || unit === 0x40 || unit === 0x2b || unit === 0x2d);

  const asciiTlds = once(() => new Set(uasocialCount.tables.tlds.ascii.split(" ")));

  // Where the top-level domain in ASCII letters ends; -1 for none.
  const asciiTldEnd = (text, at) => {
    const end = runEnd(text, at, isLetter);
    const known =
      mayFollowTld(text.charCodeAt(end)) && asciiTlds().has(text.slice(at, end).toLowerCase());
    return known ? end : -1;
  };

  // Top-level domains by their first letter, in this order.
  const tldsByFirst = (tlds) => {
    const found = new Map();
    for (const tld of tlds) {
      if (!found.has(tld[0])) found.set(tld[0], []);
      found.get(tld[0]).push(tld);
    }
    return found;
  };

  const otherTldEnd = (text, at, candidates, letters) => {
    const known = candidates.get(translated(text.charAt(at), letters));
    if (known === undefined) return -1;
    const longest = Math.max(...known.map((tld) => tld.length));
    const ahead = translated(text.slice(at, at + longest), letters);
    const found = known.find(
      (tld) => ahead.startsWith(tld) && mayFollowTld(text.charCodeAt(at + tld.length)),
    );
    return found === undefined ? -1 : at + found.length;
  };

  // RFC 3492, 6.3: characters of a label in Punycode, without the prefix.
  const punycodeLength = (label) => {
    const codes = Array.from(label, (char) => char.codePointAt(0));
    const basic = codes.filter((code) => code < 0x80).length;
    let length = basic > 0 ? basic + 1 : 0;
    let [handled, code, delta, bias] = [basic, 0x80, 0, 72];
    while (handled < codes.length) {
      const next = codes.reduce(
        (least, other) => (other >= code && other < least ? other : least),
        Infinity,
      );
      delta += (next - code) * (handled + 1);
      code = next;
      for (const other of codes) {
        if (other < code) delta += 1;
        if (other !== code) continue;
        length += digits(delta, bias);
        bias = adapted(delta, handled + 1, handled === basic);
        delta = 0;
        handled += 1;
      }
      delta += 1;
      code += 1;
    }
    return length;
  };

  const digits = (delta, bias) => {
    let count = 1;
    for (let k = 36; ; k += 36) {
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (delta < threshold) return count;
      delta = Math.floor((delta - threshold) / (36 - threshold));
      count += 1;
    }
  };

  const adapted = (delta, points, first) => {
    delta = Math.floor(delta / (first ? 700 : 2));
    delta += Math.floor(delta / points);
    let k = 0;
    for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
    return k + Math.floor((36 * delta) / (delta + 38));
  };

  return { asciiTldEnd, bracketsEnd, otherTldEnd, punycodeLength, tldsByFirst };
})();
