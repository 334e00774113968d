// What of a script the oldest browsers lack; what is let through on the spot must say why.
import { fileURLToPath } from "node:url";

import { ESLint } from "eslint";

const HERE = fileURLToPath(new URL(".", import.meta.url));

export async function checkScript(code) {
  const eslint = new ESLint({ cwd: HERE });
  // A name in this folder, for elsewhere the configuration does not hold.
  const [result] = await eslint.lintText(code, { filePath: `${HERE}shipped.js` });
  const silent = result.suppressedMessages.filter(isWithoutReason);
  return [...result.messages, ...silent].map(({ line, message, ruleId }) => ({
    line: line ?? 1,
    text: `${message} (${ruleId ?? "eslint"})`,
  }));
}

function isWithoutReason({ suppressions }) {
  return suppressions.some(({ justification }) => justification.trim() === "");
}
