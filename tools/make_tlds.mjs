// Writes src/uasocial/text/tables/tlds.py from npm tlds, as installed in tests/oracle:
// node tools/make_tlds.mjs
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const oracle = new URL('tests/oracle/', root)
const { version } = JSON.parse(readFileSync(new URL('node_modules/tlds/package.json', oracle)))

// East Asian letters are two columns wide.
const width = (line) => [...line].length + (line.match(/[\u2e80-\u{ffdc}]/gu) ?? []).length

const lines = ['']
for (const tld of [...createRequire(oracle)('tlds')].sort()) {
  if (width(lines.at(-1) + tld) > 88) lines.push('')
  lines[lines.length - 1] += `${tld} `
}

const module = `"""The top-level domains that Bluesky knows.

Generated from npm tlds ${version} (MIT), which takes them from the list of IANA,
by tools/make_tlds.mjs: run \`node tools/make_tlds.mjs\` to write it anew.
"""

from functools import cache

_TLDS = (
${lines.map((line) => `    "${line}"`).join('\n')}
)


@cache
def tlds() -> frozenset[str]:
    """The top-level domains, lower case, in Unicode form."""
    return frozenset(_TLDS.split())
`
writeFileSync(new URL('src/uasocial/text/tables/tlds.py', root), module)
