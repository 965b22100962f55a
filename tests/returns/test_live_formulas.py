"""The return's live formulas, recalculated by LibreOffice, say what the rules say of the same row.

Returns are made from the shipped template, typed into with boundary values and seeded random ones, and recalculated in
one run of LibreOffice. What the person at the screen then sees is compared, row by row, with what reading the return
back finds.

One difference is meant. Text where a number or a date belongs cannot be typed (the cells refuse it), only pasted. The
reader understands some of it ("1,234", "n/a", "31/03/2027"); the screen always asks for it to be put right.
"""

from __future__ import annotations

import math
import random
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from xlperf.catalogue import Catalogue, Kind, Kpi
from xlperf.catalogue.load import check_text
from xlperf.documents.libreoffice import libreoffice
from xlperf.findings import Finding
from xlperf.returns import fields, layout
from xlperf.returns.commentary_asked import Watched
from xlperf.returns.fields import ReturnColumn
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.figure_cells import doubtful_to
from xlperf.returns.identity import Identity
from xlperf.returns.issue import ReturnForm, build_form
from xlperf.returns.last_words import KEPT
from xlperf.returns.rating import rate_figure
from xlperf.returns.reading import AsIssued, ReturnReading, read_return
from xlperf.rules.answers_owed import FIGURE
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import MILESTONES, Rag, limits
from xlperf.tables import Book, CellKind, Row
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workbook.reader import read_tables
from xlperf.workflow.cycle.return_files import fill, filling_of

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing can recalculate a return"),
]

TEMPLATE = Path(__file__).parents[2] / "workbook_templates" / "return.xlsx"
TODAY = date(2026, 7, 10)
LONGEST_LINE = 32_000
"""The completeness line is cut there, because an Excel cell holds 32,767 characters."""
CHECK, CHECK_FIGURE = "Check", "check the figure"
FIGURE_INPUTS = (fields.NUMERATOR, fields.DENOMINATOR, fields.ACTUAL, fields.MILESTONE)
EXCEL_ERROR = "an Excel error stands here"
"""Typed as text, and made a real #DIV/0! in the saved file."""

Typed = dict[ReturnColumn, CellValue]


# The catalogue: every kind, direction, tolerance and range ------------------------------------------------------------

ABSOLUTE, RELATIVE = "absolute", "relative"


def kpi(id_: str, kind: Kind, direction: str, *target: float, parts: bool = False, **more: Any) -> dict[str, Any]:
    """A KPI in the catalogue's own words; `target` is one figure, or the two ends of a range."""
    tolerance = {how: more.pop(how) for how in (ABSOLUTE, RELATIVE) if how in more}
    goal: dict[str, Any] = dict(zip(("low", "high") if len(target) == 2 else ("target",), target, strict=False))
    if goal:
        first = {"from": more.pop("target_from", "2026-27"), **goal}
        more["targets"] = [first | ({"tolerance": tolerance} if tolerance else {})]
    else:
        more.setdefault("no_target_because", "not agreed yet")
    if parts:
        more |= {"numerator": "those that did", "denominator": "all of them"}
    fixed = {"section": "s", "question": "q", "definition": "What is counted.", "source": "Records."}
    said = {"id": id_, "name": f"{kind} {direction} {id_}", "kind": str(kind), "direction": direction}
    return {"frequency": "quarterly", "responsible_owner": "team", **fixed, **said, **more}


PERCENTAGE, COUNT, MONEY = Kind.PERCENTAGE, Kind.COUNT, Kind.MONEY
DURATION, NUMBER, MILESTONE = Kind.DURATION, Kind.NUMBER, Kind.MILESTONE
BY_MONTH = [
    {"from": "2026-04", "target": 80, "tolerance": {"absolute": 5}},
    {"from": "2026-05", "target": 85, "tolerance": {"relative": 5}},
    {"from": "2026-06", "target": 90},
]
KPIS = (
    kpi("P1", PERCENTAGE, "higher", 95, absolute=5.1),
    kpi("P2", PERCENTAGE, "higher", 57, absolute=5, parts=True),
    kpi("P3", PERCENTAGE, "higher", 89.9, relative=10),
    kpi("P4", PERCENTAGE, "higher", 95),
    kpi("P5", PERCENTAGE, "lower", 3.5, absolute=0.5, usual=[0, 30]),
    kpi("P6", PERCENTAGE, "lower", 22.2, relative=60, parts=True),
    kpi("P7", PERCENTAGE, "range", 40.1, 60.3, absolute=2.5),
    kpi("P8", PERCENTAGE, "range", 99.25, 100, relative=0.5, parts=True),
    kpi("P9", PERCENTAGE, "neutral"),
    kpi("P10", PERCENTAGE, "higher", parts=True),
    kpi("P11", PERCENTAGE, "higher", 100, absolute=2.5, possible=[0, 150]),
    kpi("P12", PERCENTAGE, "higher", 90.3, absolute=0.1, possible=[0.3, 99.9]),
    kpi("P13", PERCENTAGE, "lower", 110.1, relative=3, possible=[0, 200.1], parts=True),
    kpi("P14", PERCENTAGE, "higher", 95, absolute=2, usual=[80, 100]),
    kpi("C1", COUNT, "higher", 120, absolute=10),
    kpi("C2", COUNT, "lower", 0, absolute=2, usual=[0, 12]),
    kpi("C3", COUNT, "range", 8, 12, relative=25),
    kpi("C4", COUNT, "neutral"),
    kpi("C5", COUNT, "higher", 3, absolute=1, parts=True),
    kpi("G1", MONEY, "lower", 1_250_000.55, relative=2.5),
    kpi("G2", MONEY, "range", -50_000, 50_000, absolute=25_000.1),
    kpi("G3", MONEY, "higher", -10.7, relative=10),
    kpi("D1", DURATION, "lower", 18.2, absolute=0.1),
    kpi("D2", DURATION, "lower", 25, relative=10, parts=True),
    kpi("N1", NUMBER, "range", 0.9, 1.1, absolute=0.05),
    kpi("N2", NUMBER, "higher", 0.3, relative=33.3, possible=[-0.7, None]),
    kpi("N3", NUMBER, "lower", 4.7, absolute=0.2, possible=[None, 7.7], parts=True),
    kpi("N4", NUMBER, "neutral", possible=[1, 5]),
    kpi("M1", MILESTONE, "higher", targets=[{"from": "2024-25", "due": "2026-06-30"}]),
    kpi("M2", MILESTONE, "higher"),
    kpi("T1", PERCENTAGE, "higher", frequency="monthly", targets=BY_MONTH),
    kpi("T2", PERCENTAGE, "higher", 80, target_from="2027-28", absolute=5),
)


def catalogue_of(orgs: int, **rules: Any) -> Catalogue:
    """The catalogue, with every KPI reported by so many orgs."""
    codes = [f"ORG{number}" for number in range(orgs)]
    entry = {
        "period": "2026-27-Q1", "return_deadline": "2026-07-16", "hard_close": "2026-07-23", "board_date": "2026-09-24",
    }  # fmt: skip
    stage = {"id": "s1", "name": "Support", "enter": {"consecutive_red": 2}, "leave": {"consecutive_not_red": 2}}
    text = yaml.safe_dump(
        {
            "framework": "test",
            "title": "Performance",
            "organisation": "A public body",
            "version": "1",
            "contact": {"team": "Performance team", "email": "team@example.org"},
            "calendar": {"frequency": "quarterly", "periods": [entry]},
            "rules": rules,
            "escalation": {"decided_by": "Chief Executive", "stages": [stage]},
            "sections": [{"id": "s", "name": "Section"}],
            "questions": [{"id": "q", "section": "s", "text": "Are we doing well?"}],
            "orgs": [{"code": code, "name": code, "parent": None if code == codes[0] else codes[0]} for code in codes],
            "executive_owners": [{"id": "exec", "title": "Director"}],
            "responsible_owners": [{"id": "team", "name": "Team", "executive_owner": "exec"}],
            "kpis": [{**each, "orgs": codes} for each in KPIS],
        },
        sort_keys=False,
    )
    catalogue, findings = check_text(text, "catalogue.yaml")
    assert catalogue is not None, findings
    assert findings == []
    return catalogue


# What owners type ----------------------------------------------------------------------------------------------------


def figures_to_type(kpi: Kpi, period: str, dice: random.Random, count: int) -> list[Typed]:
    """Boundary figures first, then random ones, `count` in all; few rows get a random choice of them."""
    if kpi.kind is Kind.MILESTONE:
        words = [*MILESTONES, "at risk", "OFF TRACK", " Complete ", "Nearly", "n", " ", EXCEL_ERROR, None]
        chosen: list[Typed] = [{fields.MILESTONE: word} for word in words]
        chosen += [{fields.NOT_APPLICABLE: fields.YES}, {fields.NOT_APPLICABLE: fields.YES, fields.MILESTONE: "Missed"}]
    elif kpi.has_parts:
        chosen = [*_odd_parts(), *_parts_near(kpi, period, dice)]
    else:
        chosen = [{fields.ACTUAL: value} for value in (*_near(kpi, period), *_odd_values())]
        chosen += [{fields.NOT_APPLICABLE: fields.YES, fields.ACTUAL: 5}]
    chosen += [{}, {fields.NOT_APPLICABLE: fields.YES}, {fields.NOT_APPLICABLE: "yes "}, {fields.NOT_APPLICABLE: "y"}]
    while len(chosen) < count:
        chosen.append(_random_figure(kpi, dice))
    return dice.sample(chosen, count)


def _ends(kpi: Kpi, period: str) -> list[Decimal]:
    """Every limit of the KPI, as the decimal its author wrote or meant."""
    within = limits(kpi.target_for(kpi.period(period)), kpi.direction)
    ends = [within.green_from, within.green_to, within.amber_from, within.amber_to]
    possible = [float(end) for end in kpi.possible_range if end is not None]
    return sorted({Decimal(repr(end)) for end in (*ends, *possible, doubtful_to(kpi)) if math.isfinite(end)})


def near_limits(kpi: Kpi, period: str) -> Iterator[Decimal]:
    """Each limit, and a unit in the decimal printed, and in the last that Excel can hold, to each side of it."""
    for end in _ends(kpi, period):
        last = max(end.adjusted(), 0) - 12
        for step in (Decimal(0), Decimal(1).scaleb(-kpi.shown_decimals), Decimal("0.01"), Decimal(1).scaleb(last)):
            yield end + step
            yield end - step


def _near(kpi: Kpi, period: str) -> Iterator[float]:
    """As `near_limits`, in floats."""
    yield from map(float, near_limits(kpi, period))


def _odd_values() -> Iterator[CellValue]:
    yield from (0, 0.5, 1, 1.0001, 0.95, 57, 100, 100.01, 101, -1, 10.5, 1e12, 1e16, " ", EXCEL_ERROR)
    yield from ("95", "1,234", "about 95", "n/a", "£5", "(5)", "95%")


def _odd_parts() -> Iterator[Typed]:
    pairs: tuple[tuple[CellValue, CellValue], ...] = (
        (57, 100), (0, 100), (100, 100), (101, 100), (1, 3), (2, 3), (1e-9, 3e-9), (5, 1e-12), (0, 1e-12), (3, 0),
        (0, 0), (0, None), (None, 0), (57, None), (None, 100), (-1, 100), (1, -100), (-57, -100), (7, 2), (0.3, 0.1),
        (6, 2), ("57", 100), (57, "100"), ("many", 100), ("n/a", "n/a"), ("n/a", 100), (" ", " "), (57, " "),
        (EXCEL_ERROR, 100),
    )  # fmt: skip
    for top, bottom in pairs:
        yield {fields.NUMERATOR: top, fields.DENOMINATOR: bottom}
    yield {fields.ACTUAL: 57}
    for alone in (57, 0, 0.5, 1, 100.01, -1, " ", EXCEL_ERROR, "95", None):
        yield {fields.ACTUAL: alone, fields.NO_PARTS: "The supplier gives the rate alone"}
    yield {fields.ACTUAL: 57, fields.NO_PARTS: " "}
    yield {fields.ACTUAL: 57, fields.NO_PARTS: EXCEL_ERROR}
    yield {fields.ACTUAL: 57, fields.NUMERATOR: " ", fields.NO_PARTS: "Rate alone"}
    yield {fields.ACTUAL: 57, fields.NUMERATOR: 5, fields.NO_PARTS: "Rate alone"}
    yield {fields.NUMERATOR: 57, fields.DENOMINATOR: 100, fields.NO_PARTS: "Rate alone"}
    yield {fields.NOT_APPLICABLE: fields.YES, fields.ACTUAL: 57, fields.NO_PARTS: "Rate alone"}
    yield {fields.ACTUAL: 12, fields.NUMERATOR: 57, fields.DENOMINATOR: 100}
    yield {fields.NOT_APPLICABLE: fields.YES, fields.NUMERATOR: 57, fields.DENOMINATOR: 100}
    yield {fields.NOT_APPLICABLE: fields.YES, fields.NUMERATOR: 57}
    yield {fields.NOT_APPLICABLE: fields.YES, fields.ACTUAL: 57}


def _parts_near(kpi: Kpi, period: str, dice: random.Random) -> Iterator[Typed]:
    """Parts that make exactly a limit, and the nearest whole numerators to each side of it."""
    for end in _ends(kpi, period):
        for bottom in (100, 1000, 10_000, dice.randint(3, 99), dice.randint(1000, 99_999)):
            exact = end * bottom / kpi.factor
            whole = int(exact.to_integral_value(ROUND_FLOOR))
            for top in (int(exact) if exact == whole else float(exact), whole - 1, whole, whole + 1):
                yield {fields.NUMERATOR: top, fields.DENOMINATOR: bottom}


def _random_figure(kpi: Kpi, dice: random.Random) -> Typed:
    if kpi.kind is Kind.MILESTONE:
        return {fields.MILESTONE: dice.choice(list(MILESTONES))}
    if kpi.has_parts:
        bottom = dice.randint(1, 5000)
        return {fields.NUMERATOR: dice.randint(0, bottom), fields.DENOMINATOR: bottom}
    return {fields.ACTUAL: dice.choice([dice.randint(0, 150), round(dice.uniform(0, 120), dice.randint(1, 9))])}


def answers_to_type(dice: random.Random) -> Typed:
    """Any mixture of answers, each of them given, missing, or a slip of the space bar."""
    choices: Mapping[ReturnColumn, Sequence[CellValue]] = {
        fields.NOT_APPLICABLE_REASON: ("Programme not running", " ", None),
        fields.COMMENTARY: ("Fewer applicants", "=not a formula", "  ", None, EXCEL_ERROR),
        fields.ACTION: ("Second round", " ", None, None),
        fields.ACTION_OWNER: ("Head of service", None),
        fields.ACTION_DUE: (date(2026, 12, 31), date(2026, 1, 1), None, "next month", "31/03/2027", 2027, -5),
        fields.RESTATED: (None, None, None, "412/431", "95.5", 0.5, " ", "who knows", "Complete"),
        fields.RESTATED_REASON: ("Late data", " ", None),
        fields.CHANGED: (None, fields.NO, fields.YES, "yes", "Y", "perhaps"),
        fields.WHAT_CHANGED: ("Counted monthly now", None),
        fields.VALIDATED: (fields.YES, fields.YES, "yes ", fields.NO, None, "true", "maybe"),
        fields.STILL_RIGHT: (None, None, fields.YES, "yes ", "YES", "as before", EXCEL_ERROR),
    }
    return {column: dice.choice(values) for column, values in choices.items()}


COMPLETE: Typed = {
    fields.COMMENTARY: "Fewer applicants",
    fields.ACTION: "Second round",
    fields.ACTION_OWNER: "Head of service",
    fields.ACTION_DUE: date(2026, 12, 31),
    fields.VALIDATED: fields.YES,
}
SIGNED = ("Team manager", "Executive owner", TODAY)
NOT_SIGNED = ("Team manager", "Executive owner", None)


def a_good_figure(kpi: Kpi) -> Typed:
    """A figure that no KPI of that sort refuses."""
    if kpi.kind is Kind.MILESTONE:
        return {fields.MILESTONE: "On track"}
    if kpi.has_parts:
        return {fields.NUMERATOR: 5, fields.DENOMINATOR: 5}
    return {fields.ACTUAL: 5}


# The returns, typed into and recalculated ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One row: what was typed, what reading it finds, and what stood on the screen."""

    kpi: Kpi
    key: FigureKey
    typed: Typed
    figure: Figure | None
    rag: str
    needed: str
    live_rag: str
    live_needed: str
    live_result: float | None

    def __str__(self) -> str:
        typed = {column.header: value for column, value in self.typed.items() if value is not None}
        rules, screen = f"{self.rag!r} [{self.needed}]", f"{self.live_rag!r} [{self.live_needed}]"
        return f"{' '.join(self.key)} {typed}: rules {rules}, screen {screen}"

    @property
    def has_pasted_figure(self) -> bool:
        """Whether text stands where a number belongs."""
        return any(
            isinstance(self.typed.get(column), str) and str(self.typed[column]).strip() not in ("", EXCEL_ERROR)
            for column in FIGURE_INPUTS[:3]
        )

    @property
    def has_pasted_date(self) -> bool:
        """Whether text stands where a date belongs."""
        return isinstance(self.typed.get(fields.ACTION_DUE), str)


@dataclass(frozen=True)
class Screen:
    """One return: its rows, and the two lines above them."""

    cases: tuple[Case, ...]
    line: str
    ready: str
    before: Counter[CellKind]
    after: Counter[CellKind]

    @property
    def typed_cases(self) -> list[Case]:
        """The rows an owner could have typed: what can only be pasted is left out."""
        return [case for case in self.cases if not case.has_pasted_figure]


@dataclass(frozen=True)
class Script:
    """A return to be made: its rules, what is typed into each row and the sign-off, and what was known before."""

    catalogue: Catalogue
    rows: Sequence[Typed]
    sign_off: Sequence[CellValue] = SIGNED
    before: Mapping[FigureKey, Figure] = field(default_factory=dict)
    watched: Mapping[SeriesKey, Watched] = field(default_factory=dict)

    @property
    def form(self) -> ReturnForm:
        """The return as it is issued."""
        identity = Identity("0" * 16, 1, "team", "2026-27-Q1", "1", self.catalogue.hash, layout.TEMPLATE_VERSION)
        return build_form(self.catalogue, identity, self.before, watched=self.watched)


def asked(catalogue: Catalogue) -> list[tuple[Kpi, FigureKey]]:
    """The rows of the return, in order."""
    (reporting,) = catalogue.entry_by_period
    return [(kpi, (kpi.id, org.code, str(period))) for kpi, org, period in catalogue.due_in(reporting)]


def random_rows(catalogue: Catalogue, seed: int) -> list[Typed]:
    """A figure and answers for every row."""
    dice = random.Random(seed)  # noqa: S311
    rows: list[Typed] = []
    series = Counter((key[0], key[2]) for _, key in asked(catalogue))
    coming: dict[tuple[str, str], list[Typed]] = {}
    for kpi, key in asked(catalogue):
        of = (key[0], key[2])
        if of not in coming:
            coming[of] = figures_to_type(kpi, key[2], dice, series[of])
        rows.append(answers_to_type(dice) | coming[of].pop())
    return rows


def complete_rows(catalogue: Catalogue) -> list[Typed]:
    """Every row fully answered."""
    return [COMPLETE | a_good_figure(kpi) for kpi, _ in asked(catalogue)]


def before_it(catalogue: Catalogue, seed: int) -> dict[FigureKey, Figure]:
    """Figures of the period before, in every colour, of three orgs in four; every other with a commentary."""
    dice, earlier = random.Random(seed), dict[FigureKey, Figure]()  # noqa: S311
    for number, (kpi, (_, org, period)) in enumerate(asked(catalogue)):
        before = str(kpi.period(period).previous(1))
        said = "Said last time" if number % 2 else ""
        if kpi.kind is Kind.MILESTONE:
            figure = Figure(kpi.id, org, before, milestone=dice.choice(list(MILESTONES)), commentary=said)
        else:
            actual = float(dice.choice([*near_limits(kpi, period), Decimal(50)]))
            figure = Figure(kpi.id, org, before, actual=actual, commentary=said)
        if number % 4:
            earlier[figure.key] = figure
    return earlier


def said_before(catalogue: Catalogue, seed: int) -> dict[FigureKey, Figure]:
    """Figures of the period before, with any mixture of words; one series in eight has none."""
    dice, earlier = random.Random(seed), dict[FigureKey, Figure]()  # noqa: S311
    for kpi, (_, org, period) in asked(catalogue):
        words = {
            "commentary": dice.choice(("Half the reviewers were ill, as before", "=not a formula", "")),
            "cause": dice.choice(("Vacancies", "")),
            "action": dice.choice(("Weekly review, with the directorate", "Second round", "")),
            "action_owner": dice.choice(("Head of service", "Head of service", "")),
            "action_due": dice.choice(("2026-12-31", "2026-07-16", "2026-07-15", "2026-01-31", "")),
            "forecast": dice.choice((80.0, None)),
        }
        figure = Figure(kpi.id, org, str(kpi.period(period).previous(1)), actual=50.0)
        if dice.randrange(8):
            earlier[figure.key] = figure.with_answers(words)
    return earlier


def rows_that_keep(catalogue: Catalogue, seed: int) -> list[Typed]:
    """A figure for every row, most of which say Still right, with some of the cells filled in all the same."""
    dice = random.Random(seed)  # noqa: S311
    rows = random_rows(catalogue, seed)
    for row in rows:
        row[fields.STILL_RIGHT] = dice.choice((fields.YES, fields.YES, "yes ", "y", fields.NO, None))
        row |= {fields.RESTATED: None, fields.CHANGED: None, fields.VALIDATED: fields.YES}
        row |= {column: None for column in KEPT if dice.randrange(10) < 7}
    return rows


def watched_in(catalogue: Catalogue) -> dict[SeriesKey, Watched]:
    """One series in three is watched, every other for what it is a part of."""
    series = [(kpi_id, org) for _, (kpi_id, org, _) in asked(catalogue)][::3]
    return {key: Watched("in Support", is_by_itself=bool(number % 2)) for number, key in enumerate(series)}


def scripts() -> dict[str, Script]:
    """The returns that are made, by name."""
    many, one = catalogue_of(30), catalogue_of(1)
    amber_only = catalogue_of(6, commentary_needed=["Amber"], action_needed=["Amber"])
    red_only = catalogue_of(6, commentary_needed=["Red"], action_needed=[])
    nothing = catalogue_of(6, commentary_needed=[], action_needed=[])
    when_new, keeping = catalogue_of(12, commentary_when="new"), catalogue_of(24)
    complete = complete_rows(one)
    return {
        "when new": Script(
            when_new,
            [row | {fields.COMMENTARY: None, fields.STILL_RIGHT: None} for row in random_rows(when_new, 5)],
            before=before_it(when_new, 6),
            watched=watched_in(when_new),
        ),
        "default": Script(many, random_rows(many, 1)),
        "still right": Script(keeping, rows_that_keep(keeping, 7), before=said_before(keeping, 8)),
        "amber only": Script(amber_only, random_rows(amber_only, 2)),
        "red only": Script(red_only, random_rows(red_only, 3)),
        "nothing": Script(nothing, random_rows(nothing, 4)),
        "complete": Script(one, complete),
        "not signed": Script(one, complete, NOT_SIGNED),
        "signed with a space": Script(one, complete, ("Team manager", " ", TODAY)),
        "one missing": Script(one, [{**complete[0], fields.ACTUAL: 90, fields.COMMENTARY: None}, *complete[1:]]),
        "untouched": Script(one, [{} for _ in complete], (None, None, None)),
    }


def make(script: Script, path: Path) -> None:
    """Issue the return with its answers typed in, sign it and save it."""
    form = script.form
    answered = [
        {**row, **{column.header: value for column, value in typed.items()}}
        for row, typed in zip(form.rows, script.rows, strict=True)
    ]
    book = FileWorkbook.open(TEMPLATE)
    fill(book, filling_of(form), TEMPLATE)
    book.write_table(layout.TABLE, answered)  # one call: typing cell by cell takes a second for every twenty rows
    sign_off = zip(book.read_table(layout.SIGN_OFF_TABLE).rows, script.sign_off, strict=True)
    book.write_cells(layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: value} for row, value in sign_off})
    book.save(path)
    _make_errors(path)


_ERROR_CELL = re.compile(rb't="inlineStr"><is><t xml:space="preserve">' + EXCEL_ERROR.encode() + b"</t></is></c>")


def _make_errors(path: Path) -> None:
    """Make real Excel errors of the cells that stand for one."""
    with zipfile.ZipFile(path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            package.writestr(info, _ERROR_CELL.sub(b't="e"><v>#DIV/0!</v></c>', data))


def recalculate(files: Iterable[Path], into: Path, profile: Path) -> None:
    """Open every file in LibreOffice, and save what it works out."""
    command = [str(libreoffice()), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(into), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Screen]:
    """Every return as the person at the screen sees it, beside what reading it back finds."""
    folder = tmp_path_factory.mktemp("live")
    written = scripts()
    files = {name: folder / f"{number}.xlsx" for number, name in enumerate(written)}
    for name, path in files.items():
        make(written[name], path)
    recalculate(files.values(), folder / "shown", folder / "profile")
    return {name: see(script, files[name], folder / "shown" / files[name].name) for name, script in written.items()}


def tables_of(path: Path) -> Book:
    """The tables of a return."""
    book, findings = read_tables(path.read_bytes(), layout.TABLES)
    assert book is not None, findings
    return book


def see(script: Script, returned: Path, shown: Path) -> Screen:
    """Read a return as xlperf does, and its recalculated copy as a person does."""
    before, after = tables_of(returned), tables_of(shown)
    keys = [key for _, key in asked(script.catalogue)]
    form = script.form
    colours = [str(row[layout.COMMENTARY_FOR.header]) for row in form.rows]
    as_issued = AsIssued(keys, commentary_for=colours, last_words=form.last_words, due=str(form.due))
    reading = read_return(before, script.catalogue, as_issued, returned.name, TODAY)
    on_screen = {_key(row): row for row in after.tables[layout.TABLE].rows}
    cases = [
        _case(kpi, key, typed, reading, on_screen[key])
        for (kpi, key), typed in zip(asked(script.catalogue), script.rows, strict=True)
    ]
    workbook = openpyxl.load_workbook(shown, data_only=True)
    line, ready = (str(workbook["Return"][cell].value) for cell in ("A3", "A4"))
    workbook.close()
    return Screen(tuple(cases), line, ready, _formula_kinds(before), _formula_kinds(after))


def _key(row: Row) -> FigureKey:
    return row[fields.REF.header].raw, row[fields.ORG.header].raw, row[fields.PERIOD.header].raw


def _formula_kinds(book: Book) -> Counter[CellKind]:
    columns = [column.header for column in layout.COLUMNS if column.role is fields.Role.FORMULA] + [layout.NEEDS.header]
    return Counter(row[header].kind for row in book.tables[layout.TABLE].rows for header in columns)


def _case(kpi: Kpi, key: FigureKey, typed: Typed, reading: ReturnReading, row: Row) -> Case:
    figure = next((found for found in reading.figures if found.key == key and not found.restated), None)
    if key in reading.refused:
        rag, needed = CHECK, CHECK_FIGURE
    elif key in reading.blank:
        rag, needed = str(Rag.NOT_RETURNED), FIGURE
    else:
        assert figure is not None
        rag = str(rate_figure(kpi, figure))
        needed = ", ".join(_owed(key, rag, reading.findings))
    shown = row[layout.RESULT.header]
    return Case(
        kpi, key, typed, figure, rag, needed, row[layout.RAG.header].raw, row[layout.NEEDED.header].raw,
        float(shown.raw) if shown.kind is CellKind.NUMBER else None,
    )  # fmt: skip


def _owed(key: FigureKey, rag: str, findings: Iterable[Finding]) -> Iterator[str]:
    """What the reader says is still missing from a row, in its order."""
    start, end = f"{rag}: ", " is missing."
    for item in findings:
        where = item.location
        if (where.kpi_id, where.org, where.period) == key and item.message.startswith(start):
            yield item.message.removeprefix(start).removesuffix(end)


def listed(cases: Iterable[Case]) -> str:
    """The first cases of many, one a line."""
    return "\n".join(map(str, list(cases)[:30]))


VARIANTS = ("default", "amber only", "red only", "nothing", "when new", "still right")


# What is promised ----------------------------------------------------------------------------------------------------


def test_the_returns_really_were_recalculated(screens: Mapping[str, Screen]) -> None:
    for screen in screens.values():
        assert set(screen.before) == {CellKind.UNCALCULATED}
        assert CellKind.UNCALCULATED not in screen.after
        assert CellKind.ERROR not in screen.after


def test_the_live_status_is_the_rag_of_the_rules_in_every_row(screens: Mapping[str, Screen]) -> None:
    compared = [case for name in VARIANTS for case in screens[name].typed_cases]
    assert len(compared) >= 500
    different = [case for case in compared if case.live_rag != case.rag]
    assert not different, f"{len(different)} of {len(compared)} differ:\n{listed(different)}"


def test_still_needed_is_what_the_rules_ask_for_in_every_row(screens: Mapping[str, Screen]) -> None:
    compared = [case for name in VARIANTS for case in screens[name].typed_cases if not case.has_pasted_date]
    assert len(compared) >= 500
    different = [case for case in compared if case.live_needed != case.needed]
    assert not different, f"{len(different)} of {len(compared)} differ:\n{listed(different)}"


def test_the_result_shown_is_the_actual_that_is_stored(screens: Mapping[str, Screen]) -> None:
    compared = [case for case in screens["default"].typed_cases if case.figure and case.figure.actual is not None]
    assert len(compared) >= 300
    for case in compared:
        assert case.figure is not None
        assert case.live_result == pytest.approx(case.figure.actual, rel=1e-14, abs=0), str(case)


def test_the_cases_reach_every_status_of_every_sort_of_kpi(screens: Mapping[str, Screen]) -> None:
    seen: dict[str, set[str]] = {}
    for case in screens["default"].typed_cases:
        seen.setdefault(case.kpi.id, set()).add(case.rag)
    common = {CHECK, Rag.NOT_RETURNED, Rag.NOT_APPLICABLE}
    for kpi in (case.kpi for case in screens["default"].cases):
        judged = kpi.targets and kpi.kind is not Kind.MILESTONE and kpi.id != "T2"
        wanted = {Rag.GREEN, Rag.RED} if judged else set() if kpi.kind is Kind.MILESTONE else {Rag.NO_TARGET}
        if judged and kpi.targets[0].tolerance:
            wanted |= {Rag.AMBER}
        assert set(map(str, wanted)) <= seen[kpi.id], kpi.id
    assert set(map(str, (*common, *Rag))) - {Rag.NOT_DUE, Rag.CLOSED} <= set().union(*seen.values())


def test_a_figure_exactly_on_its_limit_is_on_the_right_side_on_screen(screens: Mapping[str, Screen]) -> None:
    on_limit: Counter[str] = Counter()
    for case in screens["default"].typed_cases:
        actual = case.figure.actual if case.figure else None
        within = limits(case.kpi.target_for(case.kpi.period(case.key[2])), case.kpi.direction)
        if actual is None:
            continue
        if actual in (within.green_from, within.green_to):
            assert case.live_rag == Rag.GREEN, str(case)
            on_limit["green"] += 1
        elif actual in (within.amber_from, within.amber_to):
            assert case.live_rag == Rag.AMBER, str(case)
            on_limit["amber"] += 1
    assert on_limit["green"] >= 20
    assert on_limit["amber"] >= 20


def test_a_refused_figure_is_never_shown_with_a_colour(screens: Mapping[str, Screen]) -> None:
    refused = [case for name in VARIANTS for case in screens[name].cases if case.rag == CHECK]
    assert len(refused) >= 100
    assert [case for case in refused if (case.live_rag, case.live_needed) != (CHECK, CHECK_FIGURE)] == []


def test_text_pasted_over_a_number_is_to_be_checked_even_where_the_reader_understands_it(
    screens: Mapping[str, Screen],
) -> None:
    pasted = [case for name in VARIANTS for case in screens[name].cases if case.has_pasted_figure]
    assert any(case.figure is not None for case in pasted)
    assert any(case.figure is None for case in pasted)
    assert [case for case in pasted if case.live_rag != CHECK] == []


def test_text_pasted_over_a_date_is_asked_for_again_even_where_the_reader_understands_it(
    screens: Mapping[str, Screen],
) -> None:
    pasted = [
        case
        for case in screens["default"].typed_cases
        if case.has_pasted_date and case.rag == Rag.RED and case.figure is not None
    ]
    assert {bool(case.figure and case.figure.action_due) for case in pasted} == {True, False}
    for case in pasted:
        assert "action due date" in case.live_needed, str(case)


@pytest.mark.parametrize(
    ("rules", "commentary_for", "action_for"),
    [
        ("default", {"Amber", "Red"}, {"Red"}),
        ("amber only", {"Amber"}, {"Amber"}),
        ("red only", {"Red"}, set()),
        ("nothing", set(), set()),
    ],
)
def test_commentary_and_action_are_asked_for_the_colours_that_the_catalogue_names(
    screens: Mapping[str, Screen], rules: str, commentary_for: set[str], action_for: set[str]
) -> None:
    asked_for: dict[str, set[str]] = {"commentary": set(), "action": set()}
    for case in screens[rules].cases:
        for word, colours in asked_for.items():
            if word in case.live_needed.split(", "):
                colours.add(case.live_rag)
    assert {"Green", "Amber", "Red"} <= {case.live_rag for case in screens[rules].cases}
    assert asked_for == {"commentary": commentary_for, "action": action_for}


def test_what_was_said_last_time_is_not_needed_again_where_it_is_still_right(screens: Mapping[str, Screen]) -> None:
    met = Counter[str]()
    for case in screens["still right"].typed_cases:
        keeps = case.figure is not None and case.figure.answer("still_right") is True
        empty = [column for column in KEPT if not case.typed.get(column)]
        if keeps and case.live_rag == Rag.RED and len(empty) == len(KEPT):
            met[case.live_needed] += 1
        elif keeps and case.live_needed and not case.has_pasted_date:
            met["some were typed, and more is needed"] += 1
        elif case.live_rag == Rag.RED and len(empty) == len(KEPT) and case.figure is not None:
            assert "commentary, action, action owner, action due date" in case.live_needed, str(case)
            met["nothing kept"] += 1
    assert sum(count for needed, count in met.items() if "action due date (the last has passed)" in needed) >= 2, met
    assert met[""] >= 2, met
    assert met["commentary"] >= 1, met
    assert met["nothing kept"] >= 5, met
    assert met["some were typed, and more is needed"] >= 20, met


def test_what_is_new_or_watched_is_to_be_explained_and_nothing_else(screens: Mapping[str, Screen]) -> None:
    script = scripts()["when new"]
    last = {key[:2]: str(rate_figure(script.catalogue.kpi_by_id[key[0]], each)) for key, each in script.before.items()}
    before_by_series = {key[:2]: figure for key, figure in script.before.items()}
    cases = [case for case in screens["when new"].typed_cases if case.kpi.frequency != "monthly" and case.figure]
    met = Counter[tuple[str, bool]]()
    for case in cases:
        watch, before = script.watched.get(case.key[:2]), before_by_series.get(case.key[:2])
        is_asked = "commentary" in case.live_needed.split(", ")
        if watch is not None and watch.is_by_itself:
            sort, wanted = "watched", case.rag != Rag.NOT_APPLICABLE
        elif watch is not None:
            sort, wanted = "part of what is watched", case.rag in (Rag.AMBER, Rag.RED)
        elif before is not None and before.commentary and last[case.key[:2]] == case.rag:
            sort, wanted = "as it was, and explained", False
        else:
            continue
        assert is_asked is wanted, f"{sort}: {case}"
        met[sort, is_asked] += 1
    assert len(met) == 5, met
    assert min(met.values()) >= 2, met


@pytest.mark.parametrize("name", ["default", "amber only", "red only", "nothing", "one missing", "untouched"])
def test_the_completeness_line_counts_the_complete_rows_and_names_the_rest(
    screens: Mapping[str, Screen], name: str
) -> None:
    screen = screens[name]
    missing = [case for case in screen.cases if case.live_needed]
    rest = "; ".join(f"{' '.join(case.key)}: {case.live_needed}" for case in missing)
    total = len(screen.cases)
    assert missing
    still = f"; still needed: {rest}"[:LONGEST_LINE]
    assert screen.line == f"{total - len(missing)} of {total} complete{still}"
    assert screen.ready == "Ready to return: No"


def test_a_complete_and_signed_return_is_ready(screens: Mapping[str, Screen]) -> None:
    screen = screens["complete"]
    assert [case for case in screen.cases if case.needed or case.live_needed] == []
    assert screen.line == f"{len(screen.cases)} of {len(screen.cases)} complete"
    assert screen.ready == "Ready to return: Yes"


@pytest.mark.parametrize("name", ["not signed", "signed with a space"])
def test_a_complete_return_that_nobody_signed_is_not_ready(screens: Mapping[str, Screen], name: str) -> None:
    assert screens[name].line == screens["complete"].line
    assert screens[name].ready == "Ready to return: No, the sign-off on Read me is not complete"


def test_one_missing_commentary_is_named_and_nothing_else(screens: Mapping[str, Screen]) -> None:
    total = len(screens["one missing"].cases)
    line = f"{total - 1} of {total} complete; still needed: P1 ORG0 2026-27-Q1: commentary"
    assert screens["one missing"].line == line
