import flexGap from "./flex-gap.mjs";
import { BROWSERSLIST } from "./support.mjs";

const ANY = ["/^.+$/"];

// What does no harm where it is not known: the page is read and used as well without it.
const HARMLESS = {
  properties: {
    "accent-color": ANY, // boxes to tick are in the system's colour
    hyphens: ANY, // lines are as ragged as without
    "overscroll-behavior": ANY, // the page behind is moved
    "print-color-adjust": ANY, // the printer leaves out backgrounds
    resize: ANY, // a text area is as high as it is
    "scroll-behavior": ANY, // the page jumps
    "/^scroll-margin/": ANY, // the place jumped to is at the edge
    "text-decoration-thickness": ANY, // a line under text is as thick as the font has it
    "text-size-adjust": ANY, // with -webkit- it is known since long
    "text-wrap": ANY, // lines are as ragged as without
    "touch-action": ANY, // on a desk there is no touch
  },
  // A printer has margins of its own.
  atRules: ["page"],
  // The same, as https://caniuse.com names them.
  features: [
    "css-color-adjust",
    "css-hyphens",
    "css-overscroll-behavior",
    "css-paged-media",
    "css-resize",
    "css-scroll-behavior",
    "css-touch-action",
    "text-size-adjust",
    // A family that is not known is passed over, for the next one in the list.
    "extended-system-fonts",
    "font-family-system-ui",
  ],
};

export default {
  plugins: [
    "stylelint-plugin-use-baseline",
    "stylelint-no-unsupported-browser-features",
    flexGap,
  ],
  reportDescriptionlessDisables: true,
  reportNeedlessDisables: true,
  rules: {
    "floor/flex-gap": true,
    // The year of Safari 14; what both browsers have all the same is let through in styles.mjs.
    "plugin/use-baseline": [
      true,
      {
        available: 2020,
        ignoreProperties: HARMLESS.properties,
        ignoreAtRules: HARMLESS.atRules,
      },
    ],
    // Data of another origin, which sees how things stand together (nesting, ranges of media).
    "plugin/no-unsupported-browser-features": [
      true,
      { browsers: BROWSERSLIST, ignore: HARMLESS.features, ignorePartialSupport: true },
    ],
  },
};
