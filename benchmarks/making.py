"""Makes workspaces to measure: N orgs, each the owner of its own return of twelve monthly KPIs, and their history."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import catalogue_data, make_kpi, write_catalogue
from xlperf.ledger import Imported
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.period import Frequency, Period
from xlperf.returns import fields, layout
from xlperf.returns.figure import Figure
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue

KPIS = 12
NOW = Period.parse("2026-10", Frequency.MONTHLY)
"""The period whose returns are sent out. The history ends with the one before."""
PERIODS = 240
"""Of the calendar, up to `NOW`: so many periods of history a workspace can have."""


def make_workspace(root: Path, orgs: int) -> Path:
    """A workspace with a catalogue of so many orgs, and nothing in it yet."""
    data = catalogue_data()
    codes = [f"O{number:05}" for number in range(orgs)]
    owner = data["responsible_owners"][0]
    data["responsible_owners"] = [
        {**owner, "id": code.lower(), "name": f"Team {code}", "email": f"{code}@example.org"} for code in codes
    ]
    data["orgs"] = [
        {"code": "TRUST", "name": "Trust"},
        *({"code": c, "name": f"Site {c}", "parent": "TRUST", "responsible_owner": c.lower()} for c in codes),
    ]
    data["calendar"] = {"frequency": "monthly", "periods": [_entry(NOW.previous(n)) for n in reversed(range(PERIODS))]}
    data["kpis"] = [_kpi(number, codes) for number in range(KPIS)]
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, data)
    return root


def _entry(period: Period) -> dict[str, Any]:
    days = {"return_deadline": 30, "hard_close": 300, "board_date": 330}
    return {"period": str(period), **{name: period.last_day + timedelta(after) for name, after in days.items()}}


def _has_parts(number: int) -> bool:
    return number % 3 != 2


def _kpi(number: int, orgs: list[str]) -> dict[str, Any]:
    kpi = make_kpi(id=f"K{number}", name=f"Indicator {number}", frequency="monthly", orgs=orgs)
    del kpi["responsible_owner"]
    target: dict[str, Any] = {"from": "2006-07", "target": 90, "tolerance": {"absolute": 5}}
    if _has_parts(number):
        return {**kpi, "numerator": "Done", "denominator": "Due", "roll_up": {"orgs": "parts"}, "targets": [target]}
    return {**kpi, "kind": "duration", "direction": "lower", "targets": [{**target, "target": 20}]}


def fill_returns(workspace: Path) -> int:
    """Fill in every return that was sent out, and put it into the received folder; returns how many there are."""
    folder = workspace / "returns" / str(NOW)
    sent = sorted((folder / "issued").glob("*.xlsx"))
    for number, path in enumerate(sent):
        fill(path, folder / "received" / path.name, random.Random(number))  # noqa: S311  made-up figures
    return len(sent)


def fill(issued: Path, target: Path, chance: random.Random) -> None:
    """Fill in one return as its owner would: every figure, what is asked for beside it, and the sign-off."""
    book = FileWorkbook.open(issued)
    rows = book.read_table(layout.TABLE).rows
    book.write_cells(layout.TABLE, {row.number: _answers(row[fields.REF.header].raw, chance) for row in rows})
    said: dict[str, CellValue] = dict(
        zip(layout.SIGN_OFF_ITEMS, ("Team manager", "Executive owner", date(2026, 11, 16)), strict=True)
    )
    rows = book.read_table(layout.SIGN_OFF_TABLE).rows
    book.write_cells(layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: said[row[layout.ITEM].raw]} for row in rows})
    book.save(target)


def _answers(ref: str, chance: random.Random) -> dict[str, CellValue]:
    answers: dict[str, CellValue] = {fields.VALIDATED.header: fields.YES}
    if _has_parts(int(ref[1:])):
        done = chance.randint(820, 990)
        answers |= {"Numerator": done, "Denominator": 1000}
        is_off, is_red = done < 900, done < 850
    else:
        actual = chance.randint(100, 280) / 10
        answers["Actual"] = actual
        is_off, is_red = actual > 20, actual > 25
    if is_off:
        answers |= {"Commentary": "Two teams were short of staff; cover is in place from Monday.", "Cause": "Vacancies"}
    if is_red:
        answers |= {"Action": "Weekly review", "Action owner": "Head of service", "Action due": date(2027, 4, 26)}
    return answers


def write_history(workspace: Path, orgs: int, figures: int) -> int:
    """Record about so many past figures in the ledger, in one run a period; returns how many they are."""
    chance, periods = random.Random(3), max(1, round(figures / (orgs * KPIS)))  # noqa: S311  made-up figures
    ledger, at = FolderLedger(workspace / "ledger"), datetime(2026, 1, 1, tzinfo=UTC)
    for back in range(periods, 0, -1):
        period, at = str(NOW.previous(back)), at + timedelta(hours=1)
        made = tuple(
            _figure(f"K{number}", f"O{org:05}", period, chance) for org in range(orgs) for number in range(KPIS)
        )
        sha256 = ledger.keep(f"history of {period}".encode(), ".csv")
        ledger.append("import", [Imported(sha256=sha256, file=f"{period}.csv", figures=made)], at=at, by="benchmark")
    return periods * orgs * KPIS


def _figure(kpi_id: str, org: str, period: str, chance: random.Random) -> Figure:
    if not _has_parts(int(kpi_id[1:])):
        return Figure(kpi_id, org, period, actual=chance.randint(100, 280) / 10)
    done = float(chance.randint(820, 990))
    return Figure(kpi_id, org, period, actual=done / 10, numerator=done, denominator=1000.0)
