// node floor.mjs FILE...: what of scripts and styles the oldest browsers lack, a line for each.
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

import { checkScript } from "./script.mjs";
import { checkStyles } from "./styles.mjs";

const CHECKS = { ".css": checkStyles, ".js": checkScript };

for (const path of process.argv.slice(2)) {
  const findings = await CHECKS[extname(path)](await readFile(path, "utf8"));
  for (const { line, text } of findings) {
    console.log(`${path}:${line}: ${text.replace(/\s+/g, " ")}`);
    process.exitCode = 1;
  }
}
