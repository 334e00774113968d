// How long a post is on X: x_units.py, x_emoji.py, x_domains.py, x_urls.py and x.py.

uasocialCount.parts["rule-x"] = uasocialCount.texts.once(() => {
  "use strict";

  const { afterChar, codeBefore, codePoints, isAlnum, isAscii, isDigit } = uasocialCount.texts;
  const { isPrintableAscii, lastPlace, members, oneOf, rightEnd } = uasocialCount.texts;
  const { runEnd, translated, withinPair } = uasocialCount.texts;
  const { asciiTldEnd, bracketsEnd, otherTldEnd } = uasocialCount.parts.links;
  const { punycodeLength, tldsByFirst } = uasocialCount.parts.links;
  const { tlds, x: own } = uasocialCount.tables;

  const isSecond = members(own.seconds);
  const isHeavy = members(own.heavy);
  const isRefused = oneOf(own.refused);
  const outsideLabel = members(own.notInDomain);
  const outsideRun = (unit) =>
    outsideLabel(unit) && unit !== 0x2d && unit !== 0x2e && unit !== 0x5f;
  const notBefore = members(own.notBeforeUrl);
  const noSchemeAfter = oneOf(own.noSchemeAfter);
  const inAsciiLabel = members(own.asciiLabel);
  const [inPath, endsPath] = [members(own.path), members(own.pathEnd)];
  const [inQuery, endsQuery] = [members(own.query), members(own.queryEnd)];
  const tones = new Map(own.tones);
  const folds = new Map(own.folds);
  const others = tldsByFirst(tlds.other.split(" "));
  const after = new Map(own.emoji.map(([rest, firsts]) => [rest, oneOf(firsts)]));
  const lengths = Array.from(new Set(own.emoji.map(([rest]) => rest.length))).sort(
    (one, other) => other - one,
  );
  const link = "a".repeat(own.link);
  const HEAVY_CHAR = "\u4e00";

  // ---- x_units.py -------------------------------------------------------------------------

  const LONG = 1000;
  // Marks of a low and of a higher combining class.
  const [LOW_MARK, HIGH_MARK] = ["\u0334", "\u0301"];

  const composed = (text) => (text.length > LONG ? marksSorted(text) : text).normalize("NFC");

  // *text* decomposed and its marks in order, for browsers may sort them in quadratic time. In
  // which order, the browser tells of two marks at a time: so no table of classes is needed.
  const marksSorted = (text) => {
    if (isAscii(text)) return text;
    const chars = Array.from(Array.from(text, (char) => char.normalize("NFD")).join(""));
    const ranks = markRanks(new Set(chars));
    const runs = [];
    let marks = [];
    for (const char of chars) {
      if (ranks.has(char)) {
        marks.push(char);
        continue;
      }
      runs.push(byRank(marks, ranks), char);
      marks = [];
    }
    return runs.join("") + byRank(marks, ranks);
  };

  const byRank = (marks, ranks) =>
    marks.length < 2
      ? marks.join("")
      : marks.sort((one, other) => ranks.get(one) - ranks.get(other)).join("");

  const markRanks = (chars) => {
    const isMark = (char) => moves(char, LOW_MARK) || moves(HIGH_MARK, char);
    const marks = Array.from(chars).filter(isMark);
    marks.sort((one, other) => moves(one, other) - moves(other, one));
    const ranks = new Map();
    marks.forEach((mark, at) => {
      const alike = at > 0 && !moves(mark, marks[at - 1]);
      ranks.set(mark, alike ? ranks.get(marks[at - 1]) : at);
    });
    return ranks;
  };

  const moves = (one, other) => (one + other).normalize("NFD") !== one + other;

  // ---- x_emoji.py -------------------------------------------------------------------------

  // [start, end, filling] of the emoji of several code points, from left to right.
  const emojiIn = (text) => {
    const found = [];
    let second = afterChar(text, 0);
    while (second < text.length) {
      const end = isSecond(text.codePointAt(second)) ? emojiEnd(text, second) : 0;
      if (end) found.push([second - (withinPair(text, second - 1) ? 2 : 1), end, HEAVY_CHAR]);
      // The next emoji has its first code point after this one.
      second = afterChar(text, end || second);
    }
    return found;
  };

  const emojiEnd = (text, second) => {
    const first = codeBefore(text, second);
    const ahead = translated(text.slice(second, second + lengths[0]), tones);
    const length = lengths.find((size) => {
      const firsts = ahead.length >= size && after.get(ahead.slice(0, size));
      return firsts && firsts(first);
    });
    return length === undefined ? 0 : second + length;
  };

  // ---- x_domains.py -----------------------------------------------------------------------

  const tldEnd = (text, at) => {
    let end = asciiTldEnd(text, at);
    if (end < 0) end = otherTldEnd(text, at, others, folds);
    return end < 0 ? punycodeTldEnd(text, at) : end;
  };

  const punycodeTldEnd = (text, at) => {
    if (text.slice(at, at + 4).toLowerCase() !== "xn--") return -1;
    const end = runEnd(text, at + 4, (unit) => isAlnum(unit) || unit === 0x2d);
    return end > at + 4 ? end : -1;
  };

  // Where the next labels in ASCII begin, each with its dot, and where they end; null for none.
  const asciiLabels = (domain, at) => {
    while (at < domain.length) {
      const end = runEnd(domain, at, inAsciiLabel);
      if (end > at && domain[end] === ".") return [at, labelsEnd(domain, end + 1)];
      at = end + 1;
    }
    return null;
  };

  const labelsEnd = (domain, at) => {
    for (;;) {
      const end = runEnd(domain, at, inAsciiLabel);
      if (end === at || domain[end] !== ".") return at;
      at = end + 1;
    }
  };

  const asciiDomains = (domain) => {
    const values = [];
    let labels = asciiLabels(domain, 0);
    while (labels) {
      const [start, labelled] = labels;
      let at = labelled;
      for (let dot = at - 1; dot > start; dot = lastPlace(domain, 0x2e, start, dot)) {
        const end = tldEnd(domain, dot + 1);
        if (end < 0) continue;
        values.push(domain.slice(start, end));
        at = end;
        break;
      }
      labels = asciiLabels(domain, at);
    }
    return values;
  };

  const isDomain = (domain) =>
    domain.split(".").every(isLabel) &&
    (!domain.startsWith("xn--") || asciiDomains(domain).length > 0);

  const isLabel = (label) => {
    if (isPrintableAscii(label)) return label.length > 0 && label.length <= own.longestLabel;
    // Punycode is quadratic, and never shorter than its text.
    if (codePoints(label) > own.longestLabel) return false;
    const parts = label.split(/[.\u3002\uff0e\uff61]/);
    const encoded = parts.map((part) =>
      isPrintableAscii(part) ? part.length : 4 + punycodeLength(part),
    );
    return encoded.reduce((sum, length) => sum + length, parts.length - 1) <= own.longestLabel;
  };

  // ---- x_urls.py --------------------------------------------------------------------------

  // [start, end, filling] of what X shortens.
  const linksIn = (text) => {
    const links = [];
    let [done, seen] = [0, 0];
    for (let dot = text.indexOf("."); dot >= 0; dot = text.indexOf(".", dot + 1)) {
      if (dot < seen || tldEnd(text, dot + 1) < 0) continue;
      const run = new Run(
        text,
        runStart(text, dot, seen),
        runEnd(text, dot, (unit) => !outsideRun(unit)),
      );
      for (const found of run.matches(done)) {
        done = found.end;
        for (const linked of linkedIn(text, found)) links.push(linked);
      }
      seen = run.end;
    }
    return links;
  };

  const runStart = (text, at, floor) => {
    while (at > floor && !outsideRun(text.charCodeAt(at - 1))) at -= 1;
    return at;
  };

  // A longest stretch of characters of domains, and of the dots between their labels. best[i] is
  // the last label that a domain can end with, before its top-level domain, when it holds label i
  // whole; -1 when there is none.
  class Run {
    constructor(text, start, end) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.starts = [];
      this.ends = [];
      let at = start;
      for (const label of text.slice(start, end).split(".")) {
        this.starts.push(at);
        this.ends.push(at + label.length);
        at += label.length + 1;
      }
      this.tlds = this.starts.map((first, i) => (i === 0 ? -1 : tldEnd(text, first)));
      this.best = this.bestLabels();
    }

    bestLabels() {
      const best = this.starts.map(() => -1);
      for (let i = best.length - 2; i >= 0; i -= 1) {
        const [first, last] = [this.starts[i], this.ends[i] - 1];
        if (first > last || this.isEdge(first) || this.isEdge(last)) continue;
        if (best[i + 1] >= 0) best[i] = best[i + 1];
        else if (this.tlds[i + 1] >= 0 && lastPlace(this.text, 0x5f, first, last) < 0) best[i] = i;
      }
      return best;
    }

    isEdge(at) {
      return this.text[at] === "-" || this.text[at] === "_";
    }

    // What `extractUrl` matches in the run, when it has consumed the text up to *done*.
    matches(done) {
      const found = [];
      const schemed = this.withScheme(done);
      if (schemed) {
        found.push(schemed);
        done = schemed.end;
      }
      for (let i = 0; i < this.starts.length - 1 && done < this.end; i += 1) {
        const match = this.ends[i] > done && this.fromLabel(i, done);
        if (!match) continue;
        found.push(match);
        done = match.end;
      }
      return found;
    }

    withScheme(done) {
      const scheme = /https?:\/\/$/i.exec(this.text.slice(Math.max(this.start - 8, 0), this.start));
      if (this.best[0] < 0 || scheme === null) return null;
      const start = this.start - scheme[0].length;
      if (start > 0 && (start <= done || notBefore(this.text.charCodeAt(start - 1)))) return null;
      return this.found(start, this.start, this.best[0]);
    }

    // The match whose domain begins in label *i*; null for none.
    fromLabel(i, done) {
      const last = this.ends[i];
      let first = this.starts[i];
      if (first === last || this.isEdge(last - 1)) return null;
      let label = this.best[i + 1];
      if (label < 0) {
        if (this.tlds[i + 1] < 0) return null;
        label = i;
        first = Math.max(first, lastPlace(this.text, 0x5f, first, last) + 1);
      }
      const start = this.startWithin(Math.max(first, done ? done + 1 : 0), last);
      return start < 0 ? null : this.found(start, start, label);
    }

    // The first place of a domain within a label; -1 for none.
    startWithin(first, last) {
      if (first >= last) return -1;
      const [before, inside] = [
        (at) => !notBefore(this.text.charCodeAt(at)),
        (at) => !outsideLabel(this.text.charCodeAt(at)),
      ];
      if (first === 0) {
        // The reference tries the first character as the one before the URL.
        if (last > 1 && before(0) && inside(1)) return 1;
        if (inside(0)) return 0;
      }
      for (let at = Math.max(first, 1); at < last; at += 1)
        if (before(at - 1) && inside(at)) return at;
      return -1;
    }

    found(start, domain, label) {
      const domainEnd = this.tlds[label + 1];
      const [pathEnd, end] = tail(this.text, domainEnd);
      return { start, domain, domainEnd, pathEnd, end };
    }
  }

  // Where the path (-1 without one) and the whole URL end, whose domain ends at *at*.
  const tail = (text, at) => {
    const port = text[at] === ":" ? runEnd(text, at + 1, isDigit) : at;
    const end = port > at + 1 ? port : at;
    const path = text[end] === "/" ? pathEnd(text, end + 1) : -1;
    return [path, queryEnd(text, path < 0 ? end : path)];
  };

  const pathEnd = (text, at) => {
    let end = at;
    while (at < text.length) {
      if (inPath(text.charCodeAt(at))) {
        at += 1;
        if (endsPath(text.charCodeAt(at - 1))) end = at;
      } else {
        at = bracketsEnd(text, at, inPath);
        if (at < 0) break;
        end = at;
      }
    }
    return end;
  };

  const queryEnd = (text, at) => {
    if (text[at] !== "?") return at;
    const end = rightEnd(text, at + 1, runEnd(text, at + 1, inQuery), (unit) => !endsQuery(unit));
    return end > at + 1 ? end : at;
  };

  const linkedIn = (text, found) => {
    const scheme = text.slice(found.start, found.domain);
    if (!scheme && found.start && noSchemeAfter(text.charCodeAt(found.start - 1))) return [];
    const length = (scheme.length || own.impliedScheme) + found.end - found.start;
    if (length > own.longestUrl) return [];
    const domain = text.slice(found.domain, found.domainEnd);
    if (!isDomain(domain)) return [];
    return scheme ? withScheme(text, found) : bare(found, domain);
  };

  const withScheme = (text, found) => {
    const url = text.slice(found.start, found.end);
    const match = /^https?:\/\/t\.co\/([0-9A-Za-z]+)/i.exec(url);
    if (match === null) return [[found.start, found.end, link]];
    if (match[1].length > own.longestSlug) return [];
    return [[found.start, found.start + queryEnd(url, match[0].length), link]];
  };

  const bare = (found, domain) => {
    const links = [];
    let end = 0;
    for (const value of asciiDomains(domain)) {
      // The first such string, not the place of the match: so the reference.
      const start = domain.indexOf(value, end);
      end = start + value.length;
      links.push([found.start + start, found.start + end, link]);
    }
    if (links.length && found.pathEnd >= 0) {
      // A link can be shorter than its span: the reference skips its own characters only.
      links[links.length - 1][1] += found.end - found.domainEnd;
    }
    return links;
  };

  // ---- x.py -------------------------------------------------------------------------------

  const weight = (text) => {
    let sum = 0;
    for (const char of text) sum += isHeavy(char.codePointAt(0)) ? 2 : 1;
    return sum;
  };

  // *text* with each stretch filled, unless an earlier one holds it.
  const filled = (text, stretches) => {
    const parts = [];
    let at = 0;
    for (const [start, end, filling] of stretches) {
      if (start < at) continue;
      parts.push(text.slice(at, start), filling);
      at = end;
    }
    return parts.join("") + text.slice(at);
  };

  const holdsRefused = (text) => Array.from(text).some((char) => isRefused(char.codePointAt(0)));

  // Plain addresses need no short cut here: a person waits for one text, not for thousands.
  const weightedLength = (given) => {
    const text = composed(given);
    const stretches = new Map();
    // Of two that begin at one place the link counts.
    for (const stretch of emojiIn(text).concat(linksIn(text))) stretches.set(stretch[0], stretch);
    const inOrder = Array.from(stretches.values()).sort((one, other) => one[0] - other[0]);
    return weight(filled(text, inOrder));
  };

  return { holdsRefused, weightedLength };
});
