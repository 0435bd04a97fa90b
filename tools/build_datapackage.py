# SPDX-License-Identifier: Apache-2.0
"""Write data/datapackage.json from the schema and the sources. Run it after any change of either."""

from __future__ import annotations

import json
from pathlib import Path

from ytterby.facts import data_folder, datapackage, load

FILE = "datapackage.json"


def descriptor(folder: Path) -> str:
    """The text of the file for the data in `folder`."""
    base = load(shipped=folder)
    return json.dumps(datapackage(base.schema, base.sources), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the file."""
    folder = data_folder()
    (folder / FILE).write_text(descriptor(folder), encoding="utf-8")
    print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
