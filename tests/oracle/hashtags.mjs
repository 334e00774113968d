// One JSON string a line in; the hashtags npm twitter-text finds there as a JSON list a line out.
import { createInterface } from 'node:readline'
import twitter from 'twitter-text'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(twitter.extractHashtags(JSON.parse(line)))}\n`)
}
