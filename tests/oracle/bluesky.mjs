// One JSON string a line in; {bytes, graphemes, facets: [[kind, start, end, value]]} a line out.
import { createInterface } from 'node:readline'
import { RichText } from '@atproto/api'

const values = { mention: 'did', link: 'uri', tag: 'tag' }

const row = ({ index, features: [feature] }) => {
  const kind = feature.$type.split('#')[1]
  return [kind, index.byteStart, index.byteEnd, feature[values[kind]]]
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const rich = new RichText({ text: JSON.parse(line) })
  rich.detectFacetsWithoutResolution()
  const answer = {
    bytes: rich.length,
    graphemes: rich.graphemeLength,
    facets: (rich.facets ?? []).map(row),
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
