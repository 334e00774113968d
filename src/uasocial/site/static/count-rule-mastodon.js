// How long a status is on Mastodon: mastodon_urls.py and mastodon.py.

uasocialCount.parts["rule-mastodon"] = uasocialCount.texts.once(() => {
  "use strict";

  const { charsEnd, codeBefore, codePoints, isAlnum, isAscii, isDigit } = uasocialCount.texts;
  const { lastPlace, members, once, oneOf, rightEnd } = uasocialCount.texts;
  const { runEnd, translated, withinPair } = uasocialCount.texts;
  const { asciiTldEnd, bracketsEnd, otherTldEnd } = uasocialCount.parts.links;
  const { punycodeLength, tldsByFirst } = uasocialCount.parts.links;
  const { mastodon: own, tlds } = uasocialCount.tables;

  const isStripped = oneOf(own.stripped);
  const isBlank = members(own.blank);
  const noEnd = members(own.noMentionEnd);
  const [inUser, inWord] = [members(own.user), members(own.word)];
  const outsideRun = members(own.notInDomain);
  const notBefore = oneOf(own.notBeforeUrl);
  const inPath = members(own.path);
  const inOldPath = members(own.oldPath);
  const noPathEnd = oneOf(own.noPathEnd);
  const inQuery = members(own.query);
  const noQueryEnd = oneOf(own.noQueryEnd);
  const lower = new Map(own.lower);
  const others = tldsByFirst(tlds.other.split(" ").sort((one, other) => other.length - one.length));
  const schemeBefore = new RegExp(`(?:${own.schemes})$`, "i");
  const shortened = new RegExp(`^(?:${own.tco})`, "i");
  const isDotOrHyphen = (unit) => unit === 0x2d || unit === 0x2e;

  // ---- encodings.idna of Python, which mastodon_urls.py asks ------------------------------

  const idna = once(() => {
    const asked = own.idna;
    const isUnassigned = members(asked.unassigned);
    const isNothing = members(asked.nothing);
    const isProhibited = members(asked.prohibited);
    const [isRight, isLeft] = [members(asked.rightToLeft), members(asked.leftToRight)];
    const lower = new Map(asked.lower);
    // What Unicode 3.2 decomposed in another way.
    const corrected = new Map(asked.corrected);
    const longest = own.longestLabel;

    const normal = (text) => translated(text, corrected).normalize("NFKC");

    const lowered = (text) =>
      Array.from(text, (char) => lower.get(char) || char.toLowerCase()).join("");

    // Table B.2 of RFC 3454.
    const folded = (char) => {
      const small = lowered(char);
      const plain = normal(small);
      const again = normal(lowered(plain));
      return plain === again ? small : again;
    };

    // RFC 3491; null for a label that it refuses.
    const prepared = (label) => {
      const kept = Array.from(label).filter((char) => !isNothing(char.codePointAt(0)));
      const text = normal(kept.map(folded).join(""));
      const codes = Array.from(text, (char) => char.codePointAt(0));
      if (codes.some(isProhibited)) return null;
      const mixed = codes.some(isLeft) || !isRight(codes[0]) || !isRight(codes[codes.length - 1]);
      return codes.some(isRight) && mixed ? null : text;
    };

    const sized = (length) => (length > 0 && length <= longest ? length : 0);

    // Characters of a label in ASCII; 0 for one that has no such form.
    return (label) => {
      const codes = Array.from(label, (char) => char.codePointAt(0));
      if (codes.length > own.hopeless || codes.some(isUnassigned)) return 0;
      if (isAscii(label)) return sized(label.length);
      const text = prepared(label);
      if (text === null) return 0;
      if (isAscii(text)) return sized(text.length);
      return text.startsWith("xn--") ? 0 : sized(4 + punycodeLength(text));
    };
  });

  // ---- mastodon_urls.py -------------------------------------------------------------------

  // {start, end, user: null} of the addresses with a scheme and a known top-level domain.
  const urlsIn = (text) => {
    const urls = [];
    if (!text.includes("://")) return urls;
    let end = 0;
    for (let start = 0, past = 0; start < text.length; start = past + 1) {
      past = runEnd(text, start, (unit) => !outsideRun(unit));
      const run = past > end && new Run(text, start, past);
      if (!run || !run.tldEnds.some((at) => at > 0)) continue;
      for (let found = run.leftmost(end); found; found = run.leftmost(end)) {
        end = urlEnd(text, found.end);
        const length = found.schemed ? acceptedLength(text, found, end) : 0;
        if (length) urls.push({ start: found.start, end: found.start + length, user: null });
      }
    }
    return urls;
  };

  // A run of domain characters, cut at its dots. farthest[i] is where the longest domain ends
  // that begins with label i; 0 for none.
  class Run {
    constructor(text, start, end) {
      this.text = text;
      this.start = start;
      this.dots = [];
      for (let at = start; at < end; at += 1) if (text[at] === ".") this.dots.push(at);
      this.tldEnds = this.dots.map((dot) => tldEnd(text, dot + 1));
      const firsts = [start, ...this.dots.map((dot) => dot + 1)];
      this.underscores = this.dots.map((dot, i) => lastPlace(text, 0x5f, firsts[i], dot));
      this.farthest = firsts.map(() => 0);
      for (let i = this.dots.length - 1; i >= 0; i -= 1) {
        if (this.isLabel(firsts[i], this.dots[i])) {
          this.farthest[i] = this.farthest[i + 1] || this.endAfter(firsts[i], i);
        }
      }
      // Starts are asked for in rising order.
      this.next = start;
      this.label = 0;
    }

    isLabel(start, dot) {
      const [first, last] = [this.text[start], this.text[dot - 1]];
      return start < dot && first !== "_" && first !== "-" && last !== "_" && last !== "-";
    }

    // Where a domain ends whose last label but one is this, without an underscore.
    endAfter(start, label) {
      return this.underscores[label] < start ? this.tldEnds[label] : 0;
    }

    // The first URL or bare domain not yet found that begins at *free* or later; null for none.
    leftmost(free) {
      const schemed = this.next === this.start ? this.withScheme(free) : null;
      if (schemed) {
        this.next = schemed.end;
        return schemed;
      }
      const last = this.dots[this.dots.length - 1];
      for (let start = Math.max(this.next, free); start < last; start += 1) {
        const end = withinPair(this.text, start) ? 0 : this.domainEnd(start);
        if (!end || !mayBegin(this.text, start, free)) continue;
        this.next = end;
        return { start, schemed: false, domain: start, end };
      }
      this.next = last;
      return null;
    }

    withScheme(free) {
      const lead = Math.max(this.start - own.longestScheme, free);
      const scheme = schemeBefore.exec(this.text.slice(lead, this.start));
      if (scheme === null || !mayBegin(this.text, lead + scheme.index, free)) return null;
      const end = this.domainEnd(this.start);
      return end ? { start: lead + scheme.index, schemed: true, domain: this.start, end } : null;
    }

    domainEnd(start) {
      while (this.dots[this.label] < start) this.label += 1;
      if (!this.isLabel(start, this.dots[this.label])) return 0;
      return this.farthest[this.label + 1] || this.endAfter(start, this.label);
    }
  }

  // Whether a URL may begin at *start*, where the last one ended at *free*.
  const mayBegin = (text, start, free) => {
    const before = text.charCodeAt(start - 1);
    if (start === 0 || before === 0x0a) return true;
    return start > free && !isAlnum(before) && !notBefore(before);
  };

  const tldEnd = (text, at) => {
    let end = asciiTldEnd(text, at);
    if (end < 0) end = otherTldEnd(text, at, others, lower);
    return end < 0 ? punycodeTldEnd(text, at) : end;
  };

  const punycodeTldEnd = (text, at) => {
    if (text.slice(at, at + 4).toLowerCase() !== "xn--") return 0;
    const end = runEnd(text, at + 4, isAlnum);
    return end > at + 4 ? end : 0;
  };

  // Where the URL ends whose domain ends at *at*.
  const urlEnd = (text, at) => {
    const port = text[at] === ":" ? runEnd(text, at + 1, isDigit) : at;
    const end = pathEnd(text, port > at + 1 ? port : at);
    const query = text[end] === "?" ? charsEnd(text, end + 1, inQuery) : end;
    return query > end + 1 ? rightEnd(text, end, query, noQueryEnd) : end;
  };

  // Where the path ends: after the last character that may end one, or the last such brackets.
  const pathEnd = (text, at) => {
    if (text[at] !== "/") return at;
    let end = at + 1;
    for (let from = at + 1; from >= 0 && from < text.length;) {
      const start = from;
      if (inPath(text.charCodeAt(from))) {
        from = runEnd(text, from, inPath);
        const kept = rightEnd(text, start, from, noPathEnd);
        if (kept > start) end = kept;
      } else {
        from = bracketsEnd(text, from, inPath);
        if (from > 0 && bracketsEnd(text, start, inOldPath) === from) end = from;
      }
    }
    return end;
  };

  // Units of the URL found; 0 if twitter-text finds its domain or its length impossible.
  const acceptedLength = (text, found, end) => {
    let url = text.slice(found.start, end);
    const tco = shortened.exec(url);
    if (tco) {
      if (tco[1].length > own.longestSlug) return 0;
      url = tco[0];
    }
    const points = codePoints(url);
    if (points > own.longestUrl) return 0;
    const domain = text.slice(found.domain, found.end);
    const encoded = asciiLength(domain);
    const grown = Math.max(0, encoded - codePoints(domain));
    return encoded && points + grown <= own.longestUrl ? url.length : 0;
  };

  // Characters of *domain* in ASCII (IDNA 2003); 0 if it has no such form.
  const asciiLength = (domain) => {
    const ascii = isAscii(domain);
    let sum = -1;
    for (const label of domain.split(".")) {
      const length = ascii ? label.length : idna()(label);
      if (length > own.longestLabel || (!ascii && length === 0)) return 0;
      sum += length + 1;
    }
    return sum;
  };

  // ---- mastodon.py ------------------------------------------------------------------------

  // {start, end, user} of the mentions.
  const mentionsIn = (text) => {
    const mentions = [];
    for (let at = text.indexOf("@"); at >= 0;) {
      const end = mayMention(text, at) ? namesEnd(text, at + 1, inUser) : at + 1;
      if (end === at + 1) {
        at = text.indexOf("@", at + 1);
        continue;
      }
      const domainEnd = text[end] === "@" ? namesEnd(text, end + 1, inWord) : end;
      const past = domainEnd > end + 1 ? domainEnd : end;
      const fits = past === end || codePoints(text.slice(end + 1, past)) <= own.longestDomain;
      if (fits && mayEnd(text, past))
        mentions.push({ start: at, end: past, user: text.slice(at, end) });
      at = text.indexOf("@", past);
    }
    return mentions;
  };

  const mayMention = (text, at) =>
    at === 0 || (text[at - 1] !== "=" && text[at - 1] !== "/" && !inWord(codeBefore(text, at)));

  const mayEnd = (text, at) => !noEnd(text.charCodeAt(at)) && !text.startsWith("://", at);

  // Where names end that dots and hyphens join.
  const namesEnd = (text, at, inside) => {
    let end = charsEnd(text, at, inside);
    while (end > at) {
      const joint = runEnd(text, end, isDotOrHyphen);
      const next = joint > end ? charsEnd(text, joint, inside) : joint;
      if (next === joint) return end;
      end = next;
    }
    return end;
  };

  const stripped = (text) => {
    const start = runEnd(text, 0, isStripped);
    return text.slice(start, rightEnd(text, start, text.length, isStripped));
  };

  // *text* with each URL as *placeholder* and each mention without its domain.
  const rewritten = (text, placeholder) => {
    if (runEnd(text, 0, isBlank) === text.length) return "";
    const found = urlsIn(text)
      .concat(mentionsIn(text))
      .sort((one, other) => one.start - other.start);
    const pieces = [];
    let last = 0;
    for (const { start, end, user } of found) {
      if (start < last) continue;
      pieces.push(text.slice(last, start), user === null ? placeholder : user);
      last = end;
    }
    return pieces.join("") + text.slice(last);
  };

  // What counts of a status, behind its content warning.
  const status = (text, spoiler, urlLength) =>
    stripped(spoiler) + rewritten(stripped(text), "x".repeat(urlLength));

  return { status };
});
