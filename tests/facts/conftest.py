"""A small fact base: every column type, two editions of a figure, a place with two codes."""

from __future__ import annotations

from pathlib import Path

import pytest

# ruff: noqa: E501 - tables stand as they are in a file

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


def write_base(folder: Path, **changed: str) -> Path:
    """Write the small fact base, with some tables replaced; the text None leaves a table out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.toml").write_text(changed.pop("schema", SCHEMA), encoding="utf-8")
    for name, text in (TABLES | changed).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shipped(tmp_path):
    """The folder of the small fact base, without trade."""
    return write_base(tmp_path / "shipped")
