"""What is shipped runs in the oldest browsers the pages are for: Chrome 90 and Safari 14."""

from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "uasocial" / "site" / "static"
SHIPPED = sorted(path for path in STATIC.glob("*") if path.suffix in {".css", ".js"})

NEWER_SCRIPT = {
    "member of an array": "[1].at(-1);",
    "member of a string": "'a'.at(-1);",
    "member of Object": "Object.hasOwn({}, 'a');",
    "look-behind": "/(?<=a)b/u.test('ab');",
    "look-behind that is not": "/(?<!a)b/u.test('ab');",
    "flags of a pattern": "/a/v.test('a');",
    "sorted copy": "[1].toSorted();",
    "class field": "class A { a = 1; }",
    "private method": "class A { #a() {} b() { this.#a(); } }",
    "static block": "class A { static { A.a = 1; } }",
    "await outside": "await 1;",
    "weak reference": "new WeakRef({});",
    "cause of an error": "new Error('a', { cause: 1 });",
    "segmenter": "new Intl.Segmenter('ar');",
    "list of words": "new Intl.ListFormat('ar');",
    "style of a date": "new Date().toLocaleDateString('ar', { dateStyle: 'long' });",
    "global function": "structuredClone({});",
    "dialog": "document.querySelector('dialog').showModal();",
    "form": "document.querySelector('form').requestSubmit();",
    "random identifier": "crypto.randomUUID();",
    "part of an object": "const { hasOwn } = Object;",
    "popover": "document.body.showPopover();",
    "address": "URL.canParse('a');",
    "let through without a reason": (
        "// eslint-disable-next-line floor/newer-api\nstructuredClone({});"
    ),
    "let through for nothing": "// eslint-disable-next-line floor/newer-api -- why\nlet a = 1;",
    "not a script": "let = = 1;",
    "a module": "import './other.js';",
}
OLDER_SCRIPT = {
    "of those years": """\
        "use strict";
        (async () => {
          const words = [..."ab"].map((word) => word?.trim() ?? "").flat();
          let all = Object.fromEntries(Object.entries({ words }));
          all ||= {};
          for (const part of "a b".matchAll(/(?<first>\\p{L})/gu)) all[part.groups.first] = 1_0n;
          await Promise.allSettled([fetch("a.json"), navigator.clipboard.writeText("a")]);
          if (navigator.share) await navigator.share({ text: "a".replaceAll("a", "b") });
          new IntersectionObserver(() => {}).observe(document.body);
          document.body.replaceChildren(new Intl.PluralRules("ar").select(2));
          new URL(location.href).searchParams.get("to");
        })();""",
    "names of its own": "const own = { path: 1, first: 2 }; own.path = own.first;",
    "asked first": "if (typeof structuredClone === 'function') document.title = 'a';",
    "let through with a reason": (
        "// eslint-disable-next-line floor/newer-api -- asked first\n"
        "if (crypto.randomUUID) document.title = 'a';"
    ),
}
NEWER_STYLE = {
    "selector": "a:has(b) { color: red }",
    "focus": "a:focus-visible { color: red }",
    "inset": "a { inset: 0 }",
    "inset of a side": "a { inset-inline-start: 0 }",
    "margin of both sides": "a { margin-inline: 0 }",
    "gap in flex": "a { display: flex; gap: 1rem }",
    "gap far from its layout": "a { gap: 1rem } b { display: flex }",
    "ratio": "a { aspect-ratio: 1 }",
    "container": "@container (min-width: 1px) { a { color: red } }",
    "layer": "@layer a { a { color: red } }",
    "nested rule": "a { b { color: red } }",
    "nested rule with a sign": "a { & b { color: red } }",
    "range": "@media (width >= 400px) { a { color: red } }",
    "unit": "a { height: 100dvh }",
    "function": "a { color: color-mix(in srgb, red, blue) }",
    "value": "a { overflow-wrap: anywhere }",
    "subgrid": "a { display: grid; grid-template-columns: subgrid }",
    "fallback that comes too late": "a { height: 100dvh; height: 100vh }",
    "fallback that is newer itself": "a { color: oklch(0 0 0); color: lch(0 0 0) }",
    "another thing is asked": "@supports (display: contents) { a { inset: 0 } }",
    "only the browser's own name": "a { user-select: none }",
    "let through without a reason": (
        "/* stylelint-disable-next-line plugin/use-baseline */\na { inset: 0 }"
    ),
    "let through for nothing": (
        "/* stylelint-disable-next-line plugin/use-baseline -- why */\na { color: red }"
    ),
    "not a style": "a { color: red",
}
OLDER_STYLE = {
    "of those years": """\
        :root { --ink: #111; color-scheme: light dark; font-family: system-ui, sans-serif }
        @media (prefers-color-scheme: dark) { :root { --ink: #eee } }
        @media (prefers-reduced-motion: reduce) { * { transition: none } }
        body { color: var(--ink); width: min(100%, 40rem); font-size: clamp(1rem, 2vw, 2rem) }
        ul { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)) }
        li { margin-inline-start: 1rem; padding-inline-end: 0; text-align: start }
        :is(h1, h2):not(.a, .b) { overflow-wrap: break-word; position: sticky; top: 0 }
        a:focus { outline: 3px solid; outline-offset: 2px }
        @media print { a[href]::after { content: attr(href) } li { break-inside: avoid } }""",
    "without harm where not known": """\
        a { hyphens: auto; accent-color: red; scroll-margin-top: 1rem; text-wrap: balance }
        @media (forced-colors: active) { a { color: LinkText } }
        @page { margin: 2cm }""",
    "fallback before it": "a { height: 100vh; height: 100dvh; color: red; color: oklch(0 0 0) }",
    "the browser's own name before it": "a { -webkit-user-select: none; user-select: none }",
    "asked first": "@supports (inset: 0) { a { inset: 0 } }",
    "a value asked first": "@supports (color: oklch(0 0 0)) { a { color: oklch(0 0 0) } }",
    "a selector asked first": "@supports selector(:has(a)) { a:has(b) { color: red } }",
    "focus asked first": (
        "a:focus { color: red } @supports selector(:focus-visible) {"
        " a:focus:not(:focus-visible) { color: inherit } a:focus-visible { color: red } }"
    ),
    "let through with a reason": (
        "/* stylelint-disable-next-line plugin/use-baseline -- seen by nobody */\na { inset: 0 }"
    ),
}
NEWER = {".js": NEWER_SCRIPT, ".css": NEWER_STYLE}
OLDER = {".js": OLDER_SCRIPT, ".css": OLDER_STYLE}


def each(samples):
    return [(name, ending) for ending, named in samples.items() for name in named]


@pytest.fixture(scope="module")
def found(newer, tmp_path_factory):
    """What is found in a file; all are looked through at once, for that is quicker."""
    folder = tmp_path_factory.mktemp("samples")
    for samples in (NEWER, OLDER):
        for name, ending in each(samples):
            (folder / f"{name}{ending}").write_text(samples[ending][name], encoding="utf-8")
    lines = newer(*SHIPPED, *sorted(folder.iterdir()))

    def of(name):
        return [line for line in lines if line.startswith(f"{folder / name}:")]

    return of


@pytest.mark.parametrize("path", SHIPPED, ids=[path.name for path in SHIPPED])
def test_what_is_shipped_needs_no_newer_browser(path, found):
    assert "\n".join(found(path)) == ""


@pytest.mark.parametrize(("name", "ending"), each(NEWER))
def test_what_the_oldest_browsers_lack_is_found(name, ending, found):
    assert found(f"{name}{ending}") != []


@pytest.mark.parametrize(("name", "ending"), each(OLDER))
def test_what_they_have_or_can_do_without_passes(name, ending, found):
    assert found(f"{name}{ending}") == []
