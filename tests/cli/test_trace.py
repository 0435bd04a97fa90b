"""The command `trace`: from a row to the document it was read in."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def row_and_url(base):
    """The first production row whose source has an address, and the address."""
    urls = {source["id"]: source["url"] for source in base.sources}
    return next((row, urls[row["source"]]) for row in base.rows("production") if urls[row["source"]])


def test_it_ends_at_the_source_and_its_address(run_command, row_and_url):
    row, url = row_and_url
    done = run_command("trace", row["id"])
    assert done.returncode == 0
    assert f"source: {row['source']}" in done.stdout
    assert url in done.stdout
    assert row["confidence"] in done.stdout


def test_json_is_one_document(run_command, row_and_url):
    row, url = row_and_url
    document = json.loads(run_command("trace", row["id"], "--json").stdout)
    assert (document["id"], document["relation"]) == (row["id"], "production")
    assert document["source"]["url"] == url
    assert row["country"] in {other["id"] for other in document["named"]}


def test_a_trade_row_has_its_source_too(run_command):
    done = run_command("trace", "baci-280530-2024-CHN-JPN")
    assert done.returncode == 0
    assert "CEPII" in done.stdout
    assert "Japan" in done.stdout


@pytest.mark.parametrize(
    "name", ["KZA", "baci-280530-2024-CHN", "baci-280530-2024-CHN-CHN", "", "\N{SNOWMAN}"]
)
def test_an_unknown_id_is_the_users_fault(run_command, name):
    done = run_command("trace", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")


def test_who_asks_for_an_answer_before_any_run_is_told_how_to_get_one(run_command):
    done = run_command("trace", "bottleneck")
    assert done.returncode == 2
    assert "ytterby answer" in done.stderr
