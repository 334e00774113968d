// What of a style sheet the oldest browsers lack, less what has a fallback.
import { fileURLToPath } from "node:url";

import postcss from "postcss";
import stylelint from "stylelint";

import { isSupported, known } from "./support.mjs";

const CONFIG = fileURLToPath(new URL("stylelint.config.mjs", import.meta.url));

// Where one of these is not known it is never true, and what stands outside of it holds.
const HARMLESS_CONDITIONS = new Set(["forced-colors", "prefers-contrast"]);

export async function checkStyles(code) {
  const { results } = await stylelint.lint({ code, configFile: CONFIG });
  const [{ warnings, invalidOptionWarnings }] = results;
  if (invalidOptionWarnings.length > 0) throw new Error(invalidOptionWarnings[0].text);
  const hasFallback = fallbacksIn(code, warnings);
  return warnings.filter((warning) => !isKnown(warning.text) && !hasFallback(warning));
}

// A year stands for all browsers, Firefox too: for these two the versions are asked.
function isKnown(text) {
  const [, value, property] = text.match(/^Value "(.+)" of property "(.+)" is not/) ?? [];
  const [, kind, name] = text.match(/^(Property|Selector|Media condition) "(.+)" is not/) ?? [];
  if (kind === "Media condition" && HARMLESS_CONDITIONS.has(name)) return true;
  const { properties, selectors, "at-rules": atRules } = known.css;
  const places = {
    Property: properties[name],
    Selector: selectors[name],
    "Media condition": atRules.media[name],
  };
  const place = kind ? places[kind] : properties[property]?.[value];
  return place?.__compat !== undefined && isSupported(place.__compat);
}

// A declaration has a fallback where @supports asks first, or where one of the same property, or
// of the browser's own name for it, stands before it and is itself well known.
function fallbacksIn(code, warnings) {
  if (warnings.some(({ rule }) => rule === "CssSyntaxError")) return () => false;
  const root = postcss.parse(code);
  const warned = new Set(warnings.flatMap((warning) => declarationsAt(root, warning)));
  return (warning) => {
    if (warning.rule.startsWith("floor/") || warning.rule.startsWith("--")) return false;
    const [node] = declarationsAt(root, warning);
    if (warning.rule === "plugin/no-unsupported-browser-features" && isAsked(root, warning)) {
      return true;
    }
    return node !== undefined && earlierOnes(node).some((one) => !warned.has(one));
  };
}

function declarationsAt(root, warning) {
  const found = [];
  root.walkDecls((node) => void (holds(node, warning) && found.push(node)));
  return found;
}

function earlierOnes(node) {
  const names = new Set([node.prop, `-webkit-${node.prop}`]);
  const siblings = node.parent.nodes.slice(0, node.parent.index(node));
  return siblings.filter((one) => names.has(one.prop));
}

// The other plugin sees to it itself, and more closely: it reads what is asked.
function isAsked(root, warning) {
  let asked = false;
  root.walkAtRules("supports", (node) => void (asked ||= holds(node, warning)));
  return asked;
}

function holds({ source: { start, end } }, { line, column }) {
  const isAfterStart = line > start.line || (line === start.line && column >= start.column);
  const isBeforeEnd = line < end.line || (line === end.line && column <= end.column);
  return isAfterStart && isBeforeEnd;
}
