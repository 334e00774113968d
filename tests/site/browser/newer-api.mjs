// A rule of ESLint: no name of the web's and the language's API that the oldest browsers lack.
//
// The type of a value is not known: a method that is called is taken for newer where each one of
// its name is. Of an object that everyone knows, any member is looked up as its own. What is only
// read of another object is let be: it may be the page's own, and nothing breaks where it lacks.
import { isSupported, known } from "./support.mjs";

const KNOWN_OBJECTS = {
  crypto: "Crypto",
  document: "Document",
  history: "History",
  location: "Location",
  navigator: "Navigator",
  performance: "Performance",
  screen: "Screen",
  window: "Window",
};

const { builtins } = known.javascript;
const kinds = { ...known.api, ...builtins, ...builtins.Intl };
const methods = new Map();
for (const [name, compat] of Object.values(kinds).flatMap(membersOf)) {
  methods.set(name, [...(methods.get(name) ?? []), compat]);
}

function membersOf(kind) {
  return Object.entries(kind)
    .map(([key, { __compat: compat }]) => [key.replace(/_static$/, ""), compat])
    // Other names with a line in them are of events and options.
    .filter(([name, compat]) => compat && !name.includes("_"));
}

function isNewerMethod(name) {
  const all = methods.get(name) ?? [];
  return all.length > 0 && !all.some(isSupported);
}

// Whether a member of a well-known object is newer; undefined where the object is another.
function isNewerOf(object, name) {
  if (object?.type !== "Identifier") return undefined;
  const kind = kinds[KNOWN_OBJECTS[object.name] ?? object.name];
  const own = kind && membersOf(kind).find(([member]) => member === name);
  return own && !isSupported(own[1]);
}

function isNewerGlobal({ identifier }) {
  const compat = Object.hasOwn(kinds, identifier.name) && kinds[identifier.name].__compat;
  return compat && identifier.parent.operator !== "typeof" && !isSupported(compat);
}

export default {
  meta: { type: "problem", schema: [], messages: { newer: "the oldest browsers lack '{{name}}'" } },
  create(context) {
    const tell = (node, name) => context.report({ node, messageId: "newer", data: { name } });
    return {
      "MemberExpression[computed=false]"({ object, property, parent }) {
        const isCalled = parent.type === "CallExpression" && parent.callee.property === property;
        const isNewer = isNewerOf(object, property.name);
        if (isNewer ?? (isCalled && isNewerMethod(property.name))) tell(property, property.name);
      },
      "VariableDeclarator > ObjectPattern > Property[computed=false]"({ key, parent }) {
        if (isNewerOf(parent.parent.init, key.name)) tell(key, key.name);
      },
      "Program:exit"() {
        const [globals] = context.sourceCode.scopeManager.scopes;
        const strangers = globals.through.filter(isNewerGlobal);
        for (const { identifier } of strangers) tell(identifier, identifier.name);
      },
    };
  },
};
