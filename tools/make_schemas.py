"""Write the JSON Schemas of the two files of a case, as the models have them, into schemas/."""

import json
from pathlib import Path

from uasocial.model import Facts, Words
from uasocial.model.files import schema

FOLDER = Path(__file__).parent.parent / "schemas"
KINDS = {"action": Facts, "language": Words}


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file's name."""
    return {
        f"{name}.schema.json": json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
        for name, kind in KINDS.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"schemas/{name}")
