// The oldest browsers that the pages are for, and what they are known to have.
import { createRequire } from "node:module";

export const BROWSERSLIST = ["chrome 90", "safari 14", "ios_saf 14.0-14.4"];
const OLDEST = { chrome: 90, safari: 14, safari_ios: 14 };

export const known = createRequire(import.meta.url)("@mdn/browser-compat-data");

// What MDN tells of a feature: https://github.com/mdn/browser-compat-data/blob/main/schemas/compat-data-schema.md
export function isSupported(compat) {
  return Object.entries(OLDEST).every(([browser, version]) =>
    [compat.support[browser]].flat().some((one) => one && isIn(one, version)),
  );
}

function isIn({ version_added: added, version_removed: removed, ...limits }, version) {
  if (limits.prefix || limits.alternative_name || limits.flags) return false;
  const since = Number.parseFloat(String(added).replace("≤", ""));
  return since <= version && !(Number.parseFloat(removed) <= version);
}
