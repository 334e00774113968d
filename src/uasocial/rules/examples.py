"""The examples of the rules: what differs from one case that no rule objects to.

An example is YAML: by a file's stem (`action`, `en`, `es`) the keys that differ, and null for a key
that goes. `target`, `holder` and `person` are the first of their kind in `action`. `media`,
`broken`, `stray` and `folder` are names of files and of the case's folder, `beside` the numbers of
more cases by their folders, `templates` are texts by `<language>/<file>`, `settings` is
uasocial.toml, and `day` is today.
"""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from uasocial.model import tree

__all__ = ["BASE", "DAY", "write"]

DAY = date(2026, 1, 20)

BASE = """\
action:
  number: UA 1/26
  index: AMR 46/1000/2026
  countries: [PE]
  active_since: 2026-01-10
  deadline: 2026-02-10
  deadline_words: {en: Please write before 10 February.}
  preferred_languages: [es]
  link: {en: "https://example.org/1/en", es: "https://example.org/1/es"}
  hashtags: {campaign: {en: OpenTheGate, es: AbranLaPuerta}}
  targets:
    - id: minister
      office: {en: Minister of Gates, es: Ministra de Puertas}
      address: [1 Example Square, Lima]
      country: PE
      emails: [minister@gates.example]
      holders:
        - name: Ana Example
          handles: {x: ana_example}
          salutation: {en: Dear Minister, es: Señora Ministra}
          confirmed_on: 2026-01-15
  people:
    - name: Samar Belkori
      consents:
        - {use: name, given_on: 2026-01-11}
        - {use: photo, given_on: 2026-01-11}
        - {use: social-media, given_on: 2026-01-11}
en:
  title: Open the gate of Example Park
  lead: The gate of the park is closed.
  body: [Samar Belkori asked why. She was told to go home.]
  demands: [Open the gate, Keep it open]
  letter:
    salutation: Dear Minister,
    paragraphs: [I ask you to open the gate of Example Park and to keep it open.]
    closing: Yours faithfully,
  posts:
    - {id: gate, template: "Open the gate, and keep it open! {{ action | link }}"}
es:
  title: Abran la puerta del parque
  lead: La puerta del parque está cerrada.
  body: [Samar Belkori preguntó por qué. Le dijeron que se fuera a casa.]
  demands: [Abran la puerta, Manténganla abierta]
  letter:
    salutation: "Señora Ministra:"
    paragraphs: [Le pido que abran la puerta del parque y que la mantengan abierta.]
    closing: Atentamente,
  posts:
    - {id: gate, template: "¡Abran la puerta y manténganla abierta! {{ action | link }}"}
"""

_OTHERS = ("settings", "folder", "beside", "media", "broken", "stray", "templates")
# One pixel, for whatever a file is called: a picture is known by its content.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)

_FIRST = {
    "target": ("action", "targets", 0),
    "holder": ("action", "targets", 0, "holders", 0),
    "person": ("action", "people", 0),
}


def write(example: str, root: Path) -> date:
    """Write a project with the case that *example* makes into *root*; return its day."""
    case = _read(BASE)
    patch = _read(example)
    day = date.fromisoformat(patch.pop("day", DAY.isoformat()))
    for name, at in _FIRST.items():
        _merge(_inside(case, at), patch.pop(name, {}))
    others = {key: patch.pop(key, None) for key in _OTHERS}
    _merge(case, patch)
    folder = root / "actions" / (others["folder"] or "gate")
    _put_case(folder, case)
    for name, number in (others["beside"] or {}).items():
        _put_case(folder.parent / name, {**case, "action": {**case["action"], "number": number}})
    for name in others["media"] or ():
        _put(folder / "media" / name, _PICTURE)
    for name in others["broken"] or ():
        _put(folder / "media" / name, "no picture")
    for name in others["stray"] or ():
        _put(folder.parent / name, "")
    for name, text in (others["templates"] or {}).items():
        _put(root / "templates" / name, text)
    _put(root / "uasocial.toml", others["settings"] or "")
    return day


def _put_case(folder: Path, case: dict[str, Any]) -> None:
    for stem, content in case.items():
        _put(folder / f"{stem}.yaml", yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def _read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = tree.parse(text, Path("example")).value
    return found


def _inside(value: Any, at: tuple[str | int, ...]) -> Any:
    for key in at:
        value = value[key]
    return value


def _merge(into: dict[str, Any], patch: dict[str, Any]) -> None:
    for key, value in patch.items():
        if value is None:
            into.pop(key, None)
        elif isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
