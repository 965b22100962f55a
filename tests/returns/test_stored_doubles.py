"""Figures as Excel stores them, with 17 digits: the colour on the owner's screen is the colour in the master.

Excel stores `=0.8-0.1` as 0.7000000000000001, shows 0.7 and compares 0.7. Rows of such numbers, most of them
on a limit or just beside one, go through a return and, in a second workspace, through an import, each to the master.
LibreOffice and IronCalc recalculate the same return: what stands there is what its owner sees.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.conftest import BY, COLLATE_DAY, ISSUE_DAY, Q1, Team, on_screen
from tests.returns import second_engine
from tests.returns.test_live_formulas import Typed, asked, catalogue_of, near_limits, recalculate, tables_of
from xlperf.catalogue import Catalogue, Kind, Kpi
from xlperf.documents.libreoffice import libreoffice
from xlperf.returns import fields, layout
from xlperf.returns.figure import FigureKey
from xlperf.returns.identity import Identity
from xlperf.returns.issue import build_form
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing can recalculate a return"),
]

ORGS = [pytest.param(7), pytest.param(70, marks=pytest.mark.long)]
"""How many orgs report each KPI: some 200 rows, and 2,000."""
CHECK = "Check"


@dataclass(frozen=True)
class Colours:
    """Of every row its colour on the owner's screen, in two programs, and in the master by return and by import."""

    typed: dict[FigureKey, Typed]
    on_screen: dict[FigureKey, str]
    in_ironcalc: dict[FigureKey, str]
    by_return: dict[FigureKey, str]
    by_import: dict[FigureKey, str]


def as_stored(shown: Decimal, dice: random.Random) -> float:
    """A number that Excel shows as `shown`, and stores a few steps of its own beside it."""
    value = nearest = float(shown)
    for _ in range(dice.randint(1, 4)):
        value = math.nextafter(value, dice.choice((-math.inf, math.inf)))
    return value if on_screen(value) == nearest else nearest


def to_type(kpi: Kpi, period: str, dice: random.Random) -> Typed:
    """What an owner's formulas leave in the input cells of a row: on a limit, beside one, or anywhere."""
    shown = dice.choice([*near_limits(kpi, period), Decimal(dice.randint(0, 12_000)) / 100])
    if not kpi.has_parts:
        return {fields.ACTUAL: as_stored(shown, dice)}
    below = Decimal(dice.choice((10, 100, 250, 1000)))
    above = as_stored(shown * below / kpi.factor, dice)
    return {fields.NUMERATOR: above, fields.DENOMINATOR: as_stored(below, dice)}


def workspace_with(catalogue: Catalogue, root: Path) -> Workspace:
    (root / "returns").mkdir(parents=True)
    data = catalogue.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    (root / "kpi_catalogue.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return Workspace(root)


@pytest.fixture(scope="module", params=ORGS)
def colours(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Colours:
    """The same figures on the screen, through a return, and through an import."""
    folder = tmp_path_factory.mktemp("doubles")
    catalogue, dice = catalogue_of(request.param), random.Random(17)  # noqa: S311
    typed: dict[FigureKey, Typed] = {
        key: to_type(kpi, key[2], dice) for kpi, key in asked(catalogue) if kpi.kind is not Kind.MILESTONE
    }

    returning = Team(workspace_with(catalogue, folder / "returning"))
    (issued,) = returning.issue(Q1, ISSUE_DAY).values()
    received = returning.received(Q1) / issued.name
    fill_in(catalogue, issued, typed, received)
    returning.collate(COLLATE_DAY)

    importing = Team(workspace_with(catalogue, folder / "importing"))
    history = folder / "history.csv"
    write_history(history, typed)
    import_history(importing.workspace, history, Run(COLLATE_DAY, BY))
    importing.collate(COLLATE_DAY, period=Q1)

    recalculate([received], folder / "shown", folder / "profile")
    screen = tables_of(folder / "shown" / received.name).tables[layout.TABLE]
    seen = {
        (row["Ref"].raw, row["Org"].raw, row["Period"].raw): row[layout.RAG.header].raw
        for row in screen.rows
        if (row["Ref"].raw, row["Org"].raw, row["Period"].raw) in typed
    }
    second = second_engine.shown(received, [second_engine.RAG])
    in_ironcalc = {key: second[key][second_engine.RAG] for key in typed}
    return Colours(typed, seen, in_ironcalc, in_master(returning), in_master(importing))


def fill_in(catalogue: Catalogue, issued: Path, typed: dict[FigureKey, Typed], received: Path) -> None:
    identity = Identity("0" * 16, 1, "team", Q1, "1", catalogue.hash, layout.TEMPLATE_VERSION)
    answers = {fields.COMMENTARY.header: "Said", fields.VALIDATED.header: fields.YES}
    rows = [
        {**row, **answers, **{column.header: value for column, value in typed.get(key, {}).items()}}
        for row, (_, key) in zip(build_form(catalogue, identity, {}).rows, asked(catalogue), strict=True)
    ]
    book = FileWorkbook.open(issued)
    book.write_table(layout.TABLE, rows)
    book.save(received)


def write_history(path: Path, typed: dict[FigureKey, Typed]) -> None:
    columns = (fields.ACTUAL, fields.NUMERATOR, fields.DENOMINATOR)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("kpi", "org", "period", *(column.header for column in columns)))
        rows.writerows((*key, *(figure.get(column, "") for column in columns)) for key, figure in typed.items())


def in_master(team: Team) -> dict[FigureKey, str]:
    return {(row["Ref"], row["Org"], row["Period"]): row["RAG"] for row in team.sheet("tbl_data")}


def different(colours: Colours, master: dict[FigureKey, str]) -> Iterator[str]:
    """The rows of which the master says another colour; a figure that the screen asks to check is in no master."""
    for key, screen in colours.on_screen.items():
        if master.get(key, CHECK) != screen:
            yield f"{' '.join(key)} {colours.typed[key]}: {screen} on screen, {master.get(key)} in the master"


def test_the_rows_are_many_and_stored_with_more_digits_than_are_shown(colours: Colours) -> None:
    assert len(colours.on_screen) == len(colours.typed) >= 200
    numbers = [value for figure in colours.typed.values() for value in figure.values() if isinstance(value, float)]
    assert sum(value != on_screen(value) for value in numbers) >= 0.7 * len(colours.on_screen)
    assert {"Green", "Amber", "Red", CHECK} <= set(colours.on_screen.values())


def test_the_colour_on_the_screen_is_the_colour_in_the_master(colours: Colours) -> None:
    assert not list(different(colours, colours.by_return))


def test_a_second_formula_engine_shows_the_same_colours(colours: Colours) -> None:
    """So that what is promised does not rest on how one program compares numbers."""
    assert colours.in_ironcalc == colours.on_screen


def test_an_imported_figure_has_the_colour_that_a_returned_one_has(colours: Colours) -> None:
    assert not list(different(colours, colours.by_import))
