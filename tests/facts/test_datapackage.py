"""The Frictionless Data Package: made from the schema, valid for its own validator, and up to date."""

from __future__ import annotations

import importlib.util
import json
import warnings
from pathlib import Path

import pytest

from ytterby.facts import data_folder, datapackage, load

TOOL = Path(__file__).parents[2] / "tools" / "build_datapackage.py"


def validated(path):
    """Errors that the validator finds in a package and its tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import validate

        report = validate(str(path), type="package")
    return report.flatten(["type", "fieldName", "message"])


@pytest.fixture
def tool():
    """The script that writes the committed file, as a module."""
    spec = importlib.util.spec_from_file_location("build_datapackage", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def resource(package, name):
    return next(entry for entry in package["resources"] if entry["name"] == name)


def test_fields_say_what_the_schema_says(base):
    package = datapackage(base.schema, base.sources)
    fields = {field["name"]: field for field in resource(package, "production")["schema"]["fields"]}
    assert fields["value"] == {"name": "value", "type": "number", "unit": "of the row: mass"}
    assert fields["stage"]["constraints"] == {"required": True, "enum": ["mine", "refinery"]}
    assert fields["confirmed"]["trueValues"] == ["yes"]
    assert fields["id"]["constraints"] == {"required": True, "unique": True}
    keys = resource(package, "production")["schema"]["foreignKeys"]
    assert {"fields": ["unit"], "reference": {"resource": "units", "fields": ["id"]}} in keys
    own = resource(package, "units")["schema"]["foreignKeys"]
    assert {"fields": ["canonical"], "reference": {"resource": "", "fields": ["id"]}} in own
    assert package["sources"][0] == {"title": "Survey: Summaries 2025", "path": "https://example.org/2025"}
    assert resource(package, "trade")["format"] == "parquet"


def test_a_sound_package_is_valid_and_a_broken_one_is_not(make_base, add_trade, base):
    folder = make_base()
    add_trade(folder)
    path = folder / "datapackage.json"
    path.write_text(json.dumps(datapackage(base.schema, base.sources)), encoding="utf-8")
    assert validated(path) == []
    table = folder / "production.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("prod-4,KAZ,mine", "prod-4,KAS,pit"), encoding="utf-8")
    assert {kind for kind, _, _ in validated(path)} == {"constraint-error", "foreign-key"}


def test_the_shipped_package_is_up_to_date(tool):
    committed = (data_folder() / tool.FILE).read_text(encoding="utf-8")
    assert committed == tool.descriptor(data_folder()), "run tools/build_datapackage.py"


def test_the_shipped_package_is_valid():
    assert validated(data_folder() / "datapackage.json") == []


def test_every_relation_is_in_the_package():
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in package["resources"]] == list(load().schema.relations)
