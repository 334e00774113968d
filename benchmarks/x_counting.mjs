// Microseconds a text that npm twitter-text needs: texts as a JSON array on stdin.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../tests/oracle/package.json", import.meta.url));
const { parseTweet } = require("twitter-text");
const texts = JSON.parse(readFileSync(0, "utf8"));

let best = Infinity;
for (let round = 0; round < 6; round += 1) {
  const begin = process.hrtime.bigint();
  for (const text of texts) parseTweet(text);
  const us = Number(process.hrtime.bigint() - begin) / 1000 / texts.length;
  // The first round warms up.
  if (round > 0) best = Math.min(best, us);
}
console.log(JSON.stringify(best));
