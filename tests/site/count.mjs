// The counter's answers: a JSON object {limits, text, warning} a line on stdin, {length, limit,
// fits} a line on stdout, or {error}. What a rule needs is loaded when it is first met; with
// --bare nothing is. With --steps an answer has `steps`: how often blocks of the code were run.

import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { createContext, runInContext } from "node:vm";

const folder = new URL("../../src/uasocial/site/static/", import.meta.url);
const bare = process.argv.includes("--bare");
const stepped = process.argv.includes("--steps");

// As in a browser: a global object without anything of Node.
const page = createContext({});
const loaded = new Set();
const load = (name) => {
  if (loaded.has(name)) return;
  loaded.add(name);
  runInContext(readFileSync(new URL(name, folder), "utf8"), page, { filename: name });
};

const measure = ({ limits, text, warning = "" }) => {
  try {
    if (!bare) page.uasocialCount.needs(limits.rule).forEach((name) => load(`count-${name}.js`));
    return page.uasocialCount.measure(limits, text, warning);
  } catch (error) {
    return { error: error.message };
  }
};

const session = new Session();
session.connect();
const asked = (method, options) => {
  let answer;
  session.post(method, options, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer;
};

// How often each block of the counter was run while *work* was done: the same on any machine.
const steps = (work) => {
  asked("Profiler.takePreciseCoverage");
  work();
  const scripts = asked("Profiler.takePreciseCoverage").result;
  return scripts
    .filter(({ url }) => loaded.has(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
};

if (stepped) {
  // What is optimized is not counted whole.
  setFlagsFromString("--no-opt");
  asked("Profiler.enable");
  asked("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
}
load("count.js");
for await (const line of createInterface({ input: process.stdin })) {
  const asking = JSON.parse(line);
  let answer = measure(asking);
  // The tables have been read by now, so that only the text makes a difference.
  if (stepped) answer = { ...answer, steps: steps(() => measure(asking)) };
  process.stdout.write(JSON.stringify(answer) + "\n");
}
