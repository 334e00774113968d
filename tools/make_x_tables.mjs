// Write src/uasocial/text/tables/x_*.py from the reference packages of tests/oracle.
//
//     npm ci --prefix tests/oracle && node tools/make_x_tables.mjs
//
// No character class is copied by hand: each is asked, character by character, of the
// expression that the reference itself compiles, so JavaScript's /i folding is in the answer.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "tests", "oracle", "node_modules");
const require = createRequire(join(root, "tests", "oracle", "package.json"));
const tables = join(root, "src", "uasocial", "text", "tables");
const LINE = 100;

const source = (name) => {
  const value = require(`twitter-text/dist/regexp/${name}`);
  return value.source ?? value;
};
const origin = (name) => {
  const about = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  // twitter-text names its licence, Apache-2.0, in its sources only.
  return `npm ${name} ${about.version} (${about.license ?? "Apache-2.0"})`;
};

// ---- Python literals ----------------------------------------------------------------

const escaped = (point) => {
  const char = String.fromCodePoint(point);
  if (/^[0-9A-Za-z ]$/.test(char)) return char;
  if (char === '"' || char === "\\") return "\\" + char;
  if (point > 0x20 && point < 0x7f) return char;
  if (point < 0x100) return `\\x${point.toString(16).padStart(2, "0")}`;
  if (point < 0x10000) return `\\u${point.toString(16).padStart(4, "0")}`;
  return `\\U${point.toString(16).padStart(8, "0")}`;
};

// A wide character takes two columns where `ruff` counts them.
const columns = (part) => [...part].reduce((sum, c) => sum + (c >= "\u1100" ? 2 : 1), 0);

// On one line where `ruff format` would want it there: *before* columns stand to its left.
const literal = (parts, before, indent = "    ") => {
  if (before + columns(parts.join("")) + 3 <= LINE) return `"${parts.join("")}"`;
  const lines = [""];
  for (const part of parts) {
    if (columns(lines.at(-1) + part) + indent.length + 2 > LINE) lines.push("");
    lines[lines.length - 1] += part;
  }
  return `(\n${lines.map((line) => `${indent}"${line}"\n`).join("")}${indent.slice(4)})`;
};

const textLiteral = (text) => literal([...text].map((char) => escaped(char.codePointAt(0))), 20);

// In a class body of Python's `re`, the few ASCII characters with a meaning get a backslash.
const inClass = (point) => {
  const char = String.fromCodePoint(point);
  if (char === "\\") return "\\\\\\\\";
  return /^[\]\[^\-&~|]$/.test(char) ? `\\\\${char}` : escaped(point);
};

const classLiteral = (points) => {
  const parts = [];
  for (let i = 0; i < points.length; ) {
    let last = i;
    while (points[last + 1] === points[last] + 1) last += 1;
    const [low, high] = [inClass(points[i]), inClass(points[last])];
    parts.push(last === i ? low : last === i + 1 ? low + high : `${low}-${high}`);
    i = last + 1;
  }
  return literal(parts, 20);
};

const write = (name, packages, summary, body) => {
  const head = `"""${summary}

Generated from ${packages.map(origin).join("\nand ")}
by tools/make_x_tables.mjs: run \`node tools/make_x_tables.mjs\` to write it anew.
"""
`;
  writeFileSync(join(tables, name), head + "\n" + body);
};

// ---- Character classes --------------------------------------------------------------

const matching = (expression, flags, from = 0, to = 0xffff) => {
  const test = new RegExp(`^(?:${expression})$`, flags);
  const points = [];
  for (let point = from; point <= to; point += 1) {
    if (test.test(String.fromCodePoint(point))) points.push(point);
  }
  return points;
};
const withAstral = (name, flags) => matching(source(name), flags, 0, 0x10ffff);
const complement = (points) => {
  const inside = new Set(points);
  return Array.from({ length: 0x10000 }, (_, i) => i).filter((point) => !inside.has(point));
};
const text = (points) => textLiteral(points.map((p) => String.fromCharCode(p)).join(""));

const precedes = matching(source("validUrlPrecedingChars").replace("|^)", ")"), "i");
const domain = matching(source("validDomainChars"), "i");
const asciiLabel = matching(`[\\-a-z0-9${source("latinAccentChars")}]`, "i");

const classes = `# Characters (UTF-16 units) that no domain label holds.
NOT_IN_DOMAIN = ${text(complement(domain))}
# Characters after which no URL begins.
NOT_BEFORE_URL = ${text(complement(precedes))}
# What follows are bodies of character classes for \`re\`, without the brackets.
ASCII_LABEL = ${classLiteral(asciiLabel)}
PATH = ${classLiteral(matching(source("validGeneralUrlPathChars"), "i"))}
PATH_END = ${classLiteral(matching(source("validUrlPathEndingChars"), "i"))}
QUERY = ${classLiteral(matching(source("validUrlQueryChars"), "i"))}
QUERY_END = ${classLiteral(matching(source("validUrlQueryEndingChars"), "i"))}
LATIN_ACCENTS = ${classLiteral(matching(`[${source("latinAccentChars")}]`, ""))}
CASHTAG_BEFORE = ${classLiteral(matching(source("spaces"), "i"))}
CASHTAG_AFTER = ${classLiteral(matching(`\\s|[${source("punct")}]`, "i"))}
HASHTAG_LETTERS = ${classLiteral(withAstral("hashtagAlpha", "i"))}
HASHTAG_CHARS = ${classLiteral(withAstral("hashtagAlphaNumeric", "i"))}
`;
write("x_classes.py", ["twitter-text"], "Which characters X's links and tags are made of.", classes);

// ---- Top-level domains --------------------------------------------------------------

const listed = (name) => {
  const expression = source(name);
  return expression.slice("(?:(?:".length, expression.indexOf(")(?=")).split("|");
};
const tlds = [...listed("validGTLD"), ...listed("validCCTLD")];
const ascii = tlds.filter((tld) => /^[a-z]+$/.test(tld)).sort();
const other = tlds.filter((tld) => !/^[a-z]+$/.test(tld));
const letters = [...new Set(tlds.join(""))];
const canonical = (char) => {
  // ECMA-262, Canonicalize without the u flag.
  const upper = char.toUpperCase();
  return upper.length !== 1 || (char >= "\x80" && upper < "\x80") ? char : upper;
};
const home = new Map(letters.map((char) => [canonical(char), char]));
const folds = Array.from({ length: 0x10000 }, (_, i) => String.fromCharCode(i))
  .map((char) => [char, home.get(canonical(char))])
  .filter(([char, to]) => to !== undefined && to !== char);

const words = (list) => literal(list.map((word, i) => (i ? " " : "") + word), 20);
write(
  "x_tlds.py",
  ["twitter-text"],
  "The top-level domains that X knows.",
  `# Letters a to z only; between blanks.
ASCII = ${words(ascii)}
# The others, in the order in which the reference tries them.
OTHER = ${words(other)}
# Letters that count as a letter of some domain under JavaScript's /i, and that letter.
FOLD_FROM = ${textLiteral(folds.map(([char]) => char).join(""))}
FOLD_TO = ${textLiteral(folds.map(([, to]) => to).join(""))}
`,
);

// ---- Emoji --------------------------------------------------------------------------

// All strings that an expression of groups, classes, "?" and "|" can match.
const language = (expression) => {
  let at = 0;
  const product = (left, right) => left.flatMap((a) => right.map((b) => a + b));
  const atom = () => {
    if (expression[at] === "[") {
      const end = expression.indexOf("]", at);
      const body = new RegExp(expression.slice(at, end + 1));
      at = end + 1;
      return Array.from({ length: 0x10000 }, (_, i) => String.fromCharCode(i)).filter((c) =>
        body.test(c),
      );
    }
    if (expression[at] === "(") {
      at += expression.startsWith("(?:", at) || expression.startsWith("(?!", at) ? 3 : 1;
      const negative = expression[at - 1] === "!";
      const inside = alternatives();
      at += 1;
      return negative ? [""] : inside;
    }
    if (expression.startsWith("\\u", at)) {
      at += 6;
      return [String.fromCharCode(parseInt(expression.slice(at - 4, at), 16))];
    }
    at += 1;
    return [expression[at - 1]];
  };
  const alternatives = () => {
    let all = [];
    let sequence = [""];
    while (at < expression.length && expression[at] !== ")") {
      if (expression[at] === "|") {
        all = all.concat(sequence);
        sequence = [""];
        at += 1;
        continue;
      }
      let choices = atom();
      if (expression[at] === "?") {
        choices = [...choices, ""];
        at += 1;
      }
      sequence = product(sequence, choices);
    }
    return all.concat(sequence);
  };
  return [...new Set(alternatives())];
};

const TONES = /[\u{1f3fb}-\u{1f3ff}]/u;
const FIRST_TONE = "\u{1f3fb}";
const after = new Map();
for (const sequence of language(require("twemoji-parser/dist/lib/regex").default.source)) {
  const [first, ...rest] = [...sequence];
  if (rest.length === 0 || rest.some((char) => TONES.test(char) && char !== FIRST_TONE)) continue;
  const key = rest.join("");
  after.set(key, [...(after.get(key) ?? []), first]);
}
const entries = [...after].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
const row = ([rest, firsts]) => {
  const parts = firsts.sort((a, b) => a.codePointAt(0) - b.codePointAt(0));
  const key = [...rest].map((char) => escaped(char.codePointAt(0))).join("");
  const value = literal(parts.map((char) => escaped(char.codePointAt(0))), key.length + 8, "        ");
  return `    "${key}": ${value},\n`;
};
write(
  "x_emoji.py",
  ["twemoji-parser"],
  "The emoji of several code points that X counts as one.",
  `# What may follow a first code point -> the first code points that it may follow.
# A skin tone is written as the first of the five.
AFTER = {
${entries.map(row).join("")}}
`,
);
