"""A field that 0.1.0 did not have changes no catalogue that does not use it: its hash is in returns that are out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xlperf.catalogue.fields import Model, newer
from xlperf.catalogue.model import json_schema
from xlperf.catalogue.pack import PackPart, PackSettings

RELEASED = Path(__file__).parent.parent / "released" / "0.1.0" / "kpi_catalogue.schema.json"


def fields_of(schema: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    models = {"Catalogue": schema, **schema["$defs"]}
    return {
        (model, field): said for model, each in models.items() for field, said in each.get("properties", {}).items()
    }


def test_a_field_that_0_1_0_did_not_have_says_since_when_there_is_one() -> None:
    schema = json.loads(RELEASED.read_text(encoding="utf-8"))
    released, models = fields_of(schema), {"Catalogue", *schema["$defs"]}
    unmarked = [
        f"{model}.{field}"
        for (model, field), said in fields_of(json_schema()).items()
        if model in models and (model, field) not in released and "x-since" not in said
    ]
    assert not unmarked, "make them with `newer` (xlperf/catalogue/fields.py)"


class Older(Model):
    name: str


class Newer(Older):
    colour: str = newer("", since="0.2.0", description="A colour.")
    sizes: tuple[int, ...] = newer((), since="0.2.0", description="Sizes.")


def test_a_newer_field_is_left_out_while_it_has_its_default() -> None:
    as_before = Older(name="a").model_dump_json()
    assert Newer(name="a").model_dump_json() == as_before
    assert Newer(name="a", colour="", sizes=()).model_dump_json() == as_before


def test_a_newer_field_that_says_something_is_written_and_read_back() -> None:
    said = Newer(name="a", sizes=(1,))
    assert said.model_dump_json() == '{"name":"a","sizes":[1]}'
    assert Newer.model_validate_json(said.model_dump_json()) == said


def test_a_pack_that_only_has_a_logo_does_not_write_out_which_parts_there_are_in_this_version() -> None:
    assert PackSettings(logo="logo.png").model_dump(mode="json").keys() == {"sections", "exceptions_per_page", "logo"}
    assert "parts" in PackSettings(parts=(PackPart.SUMMARY,)).model_dump(mode="json")
