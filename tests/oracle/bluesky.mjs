// One JSON string a line in; {bytes, graphemes, facets: [[kind, start, end, value]], known} a line
// out; known: this Node has heard of every character.
import { createInterface } from 'node:readline'
import { RichText } from '@atproto/api'

const unheard = /(?!\p{Noncharacter_Code_Point})\p{Cn}/u
const values = { mention: 'did', link: 'uri', tag: 'tag' }

const row = ({ index, features: [feature] }) => {
  const kind = feature.$type.split('#')[1]
  return [kind, index.byteStart, index.byteEnd, feature[values[kind]]]
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const text = JSON.parse(line)
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const answer = {
    bytes: rich.length,
    graphemes: rich.graphemeLength,
    facets: (rich.facets ?? []).map(row),
    known: !unheard.test(text),
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
