// twitter-text's answers: a JSON string a line on stdin, a JSON object a line on stdout, with
// {length, valid, urls, hashtags, mentions, cashtags}; spans are [start, end] in code points.

import { createInterface } from "node:readline";
import twitter from "twitter-text";

// A pair of surrogates that JSON wrote as two escapes is one code point here.
const spans = (text, entities) => {
  if (entities.length === 0) return [];
  const places = new Map();
  let unit = 0;
  let place = 0;
  for (const char of text) {
    places.set(unit, place);
    unit += char.length;
    place += 1;
  }
  places.set(unit, place);
  return entities.map(({ indices }) => indices.map((at) => places.get(at) ?? -1));
};

const answer = (text) => {
  const { weightedLength: length, valid } = twitter.parseTweet(text);
  return {
    length,
    valid,
    urls: spans(text, twitter.extractUrlsWithIndices(text)),
    hashtags: spans(text, twitter.extractHashtagsWithIndices(text)),
    mentions: spans(text, twitter.extractMentionsWithIndices(text)),
    cashtags: spans(text, twitter.extractCashtagsWithIndices(text)),
  };
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
