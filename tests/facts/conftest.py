"""A small fact base: every column type, two editions of a figure, a place with two codes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ytterby.facts import load

SCHEMA = """
[sources]
title = "Sources"
[sources.columns]
id = { type = "id", description = "slug" }
publisher = { type = "text" }
title = { type = "text" }
url = { type = "url", optional = true }
published = { type = "date", optional = true }
licence = { type = "text", optional = true }

[units]
title = "Units"
[units.columns]
id = { type = "id" }
quantity = { type = "text" }
canonical = { type = "reference", to = "units" }
factor = { type = "number" }
source = { type = "reference", to = "sources" }

[countries]
title = "Countries"
timeless = true
[countries.columns]
id = { type = "id" }
name = { type = "text" }
kind = { type = "enum", allowed = ["state", "territory", "group", "residual"] }
baci_codes = { type = "list", optional = true }
members = { type = "list", to = "countries", optional = true }

[trade]
title = "Trade"
file = "trade.parquet"
source = "survey-2025"
[trade.columns]
id = { type = "id" }
year = { type = "year" }
exporter = { type = "reference", to = "countries" }
importer = { type = "reference", to = "countries" }
code = { type = "text" }
value_kusd = { type = "number", unit = "kUSD" }
quantity_t = { type = "number", unit = "t", optional = true }

[production]
title = "Production"
description = "Mine production by country and year"
[production.columns]
id = { type = "id" }
country = { type = "reference", to = "countries" }
stage = { type = "enum", allowed = ["mine", "refinery"] }
year = { type = "year" }
value = { type = "number", minimum = 0, quantity = "mass", optional = true }
low = { type = "number", minimum = 0, quantity = "mass", optional = true }
high = { type = "number", minimum = 0, quantity = "mass", optional = true }
state = { type = "enum", allowed = ["number", "zero", "withheld", "range", "less_than", "greater_than"] }
unit = { type = "unit", quantity = "mass", optional = true }
content = { type = "enum", allowed = ["REO", "metal"] }
resource_class = { type = "enum", allowed = ["inferred", "proven"], optional = true }
confirmed = { type = "boolean", optional = true }
source = { type = "reference", to = "sources" }
as_of = { type = "date", optional = true }
confidence = { type = "enum", allowed = ["official", "reported", "estimated", "unconfirmed"] }
note = { type = "text", optional = true }
"""

TABLES = {
    "sources": """id,publisher,title,url,published,licence
survey-2025,Survey,Summaries 2025,https://example.org/2025,2025-01-31,public domain
survey-2026,Survey,Summaries 2026,https://example.org/2026,2026-02,public domain
press,A paper,An article,,,
nist,Bureau,Table of factors,https://example.org/si,2008-03,public domain
""",
    "units": """id,quantity,canonical,factor,source
t,mass,t,1,nist
kt,mass,t,1000,nist
lb,mass,t,0.00045359237,nist
USD,money,USD,1,nist
""",
    "countries": """id,name,kind,baci_codes,members
KAZ,Kazakhstan,state,398,
CHN,China,state,156,
USA,United States,state,842;841,
S19,Other Asia,residual,490,
CA5,Central Asia,group,,KAZ
""",
    "production": """id,country,stage,year,value,low,high,state,unit,content,resource_class,confirmed,source,as_of,confidence,note
prod-1,CHN,mine,2024,270,,,number,kt,REO,,yes,survey-2025,2025-01,official,
prod-2,CHN,mine,2024,0.27,,,number,kt,REO,,,survey-2026,2026,official,"a note, with a comma"
prod-3,CHN,mine,2024,255000,250000,260000,number,t,REO,,,press,2025-06,reported,
prod-4,KAZ,mine,2024,0,,,zero,t,REO,,no,press,2025-06-30,reported,
prod-5,KAZ,refinery,2024,,,100,less_than,lb,metal,,,press,,unconfirmed,
prod-6,USA,refinery,2024,,,,withheld,,metal,,,survey-2025,2025-01,official,
""",
}


TRADE = """
    SELECT * FROM (VALUES
        (2023, 156, 490, '280530', 1.5, 2.0), (2024, 156, 842, '280530', 12.5, NULL),
        (2024, 398, 156, '280530', 7.5, 2.0), (2024, 156, 490, '280530', 3.0, 1.0),
        (2024, 156, 842, '284690', 100.25, 50.125)
    ) AS t(year, exporter, importer, code, value, quantity)
"""


@pytest.fixture(scope="session")
def make_base(tmp_path_factory):
    """Write the small fact base into a new folder; a keyword replaces a table, None leaves it out."""

    def make(**changed):
        folder = tmp_path_factory.mktemp("shipped", numbered=True)
        texts = {"schema": SCHEMA} | TABLES | changed
        for name, text in texts.items():
            path = folder / ("schema.toml" if name == "schema" else f"{name}.csv")
            if isinstance(text, bytes):
                path.write_bytes(text)
            elif text is not None:
                path.write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def texts():
    """The texts of the small fact base by relation, and of its schema."""
    return {"schema": SCHEMA} | TABLES


@pytest.fixture(scope="session")
def base(make_base):
    """The small fact base, loaded, with trade."""
    folder = make_base()
    write_trade(folder, TRADE)
    return load(shipped=folder)


@pytest.fixture(scope="session")
def add_trade():
    """Write trade.parquet into a folder, from a query when one is given."""
    return lambda folder, query=TRADE: write_trade(folder, query)


def write_trade(folder: Path, query: str) -> None:
    duckdb.connect(":memory:").sql(query).write_parquet(str(folder / "trade.parquet"))


@pytest.fixture
def user_folder(tmp_path):
    """Write a user's folder of the given tables."""

    def make(name="mine", **tables):
        folder = tmp_path / name
        folder.mkdir()
        for table, text in tables.items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return folder

    return make
