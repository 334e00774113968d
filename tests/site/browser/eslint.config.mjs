import newEcmaScript from "eslint-plugin-es-x";

import newerApi from "./newer-api.mjs";

export default [
  newEcmaScript.configs["flat/restrict-to-es2021"],
  newEcmaScript.configs["flat/restrict-to-es2020-intl-api"],
  {
    files: ["**/*.js"],
    // A page on a disk can load no module: https://html.spec.whatwg.org/#fetch-a-single-module-script
    languageOptions: { ecmaVersion: "latest", sourceType: "script" },
    // Methods are told by their names, for types are not known.
    settings: { "es-x": { aggressive: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { floor: { rules: { "newer-api": newerApi } } },
    rules: {
      "floor/newer-api": "error",
      // Older than ES2021, and not in Safari 14.0: https://caniuse.com/js-regexp-lookbehind,
      // https://caniuse.com/mdn-javascript_builtins_weakref
      "es-x/no-regexp-lookbehind-assertions": "error",
      "es-x/no-weakrefs": "error",
      "es-x/no-atomics": "error",
      "es-x/no-shared-array-buffer": "error",
      "no-restricted-syntax": [
        "error",
        {
          // https://caniuse.com/mdn-javascript_builtins_intl_datetimeformat_datetimeformat_options_parameter_options_datestyle_parameter
          selector: "Property[key.name=/^(date|time)Style$/]",
          message: "Safari 14.0 does not know dateStyle and timeStyle",
        },
      ],
    },
  },
];
