"""What a scenario file says: prose, settings, a table with input and expected side by side, and expected verdicts.

`tests/rules/scenarios/README.md` describes the format. Whatever it does not describe is an error here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import catalogue_data, make_kpi
from xlperf.rules.rag import actual_from_parts

ABOUT = ("kpi", "org", "period")
FIGURE = ("actual", "numerator", "denominator", "milestone", "not applicable")
DECIDING = ("judged on", "decided", "action due")
"""The day a period is judged on, what a person decided that day, and when the action for the figure is due."""
REQUIRED = frozenset({"expected from", "direction", "frequency"})
REPEATED = frozenset({"org", "rebase", "stage", "section stage"})
_RULES = ("short trend moves", "spc ruleset", "spc run length")
_OF_KPI = ("kind", "decimals", "target", "tolerance", "material", "seasonal", "roll up orgs", "roll up time")
_COVERS = ("measure", "restarts in", "over months")
_OTHERS = ("target of the sum", "reporting period", "kpis", "ladder", "review months")
SETTINGS = frozenset({*REQUIRED, *REPEATED, *_RULES, *_OF_KPI, *_COVERS, *_OTHERS})
LADDERS = Path(__file__).parent / "ladders"

_ORG = re.compile(r"(?P<code>\w+)(?: below (?P<parent>\w+))?(?:, weight (?P<weight>[\d.]+))?")
_TARGET = re.compile(r"(?P<low>-?[\d.]+)(?: to (?P<high>-?[\d.]+))?(?: from (?P<from>\S+))?")
_AMOUNT = re.compile(r"(?P<amount>[\d.]+)(?P<percent> %)?")


@dataclass(frozen=True)
class Line:
    """A line of the table, cells by column; `number` is its line in the file."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: KPI (or section), org, and period (or span)."""
        return self["kpi"], self["org"], self["period"]

    @property
    def has_period(self) -> bool:
        """Whether it is about a period, not about a span such as `Year to date`."""
        return self["period"][0].isdigit()

    @property
    def judged_on(self) -> date:
        """The day its period is judged on."""
        return date.fromisoformat(self["judged on"])

    @property
    def is_empty(self) -> bool:
        """Whether it gives no figure, only what is expected."""
        return not any(self[column] for column in FIGURE)


@dataclass(frozen=True)
class Expected:
    """A verdict expected at the end of the series: of the last line of `org`, or of all where it is empty."""

    number: int
    column: str
    org: str
    contains: bool
    text: str


@dataclass(frozen=True)
class Scenario:
    """A scenario file, read."""

    settings: Mapping[str, Sequence[str]]
    columns: Sequence[str]
    """The columns that are expected."""
    lines: Sequence[Line]
    verdicts: Sequence[Expected]

    def setting(self, name: str, default: str = "") -> str:
        """The value of a setting that is given once."""
        return self.settings.get(name, [default])[0]

    @property
    def kpis(self) -> Sequence[str]:
        """The ids of its KPIs, which are alike."""
        return self.setting("kpis", "K").split(", ")

    @property
    def orgs(self) -> Sequence[Mapping[str, Any]]:
        """Its orgs as a catalogue has them."""
        return [
            {"name": org["code"]} | {name: value for name, value in org.groupdict().items() if value}
            for org in (_match(_ORG, said) for said in self.settings.get("org", ["TRUST"]))
        ]

    @property
    def reporting(self) -> Sequence[str]:
        """The orgs that report: those with no other below them."""
        parents = {org.get("parent") for org in self.orgs}
        return [org["code"] for org in self.orgs if org["code"] not in parents]

    def catalogue_data(self) -> dict[str, Any]:
        """Its catalogue as plain data."""
        rules = {name.replace(" ", "_"): yaml.safe_load(self.setting(name)) for name in _RULES if name in self.settings}
        kpis = [self._kpi(kpi_id) for kpi_id in self.kpis]
        data = catalogue_data() | {"orgs": list(self.orgs), "kpis": kpis, "rules": rules}
        return data | {"escalation": self._ladder(data["escalation"])}

    def _kpi(self, kpi_id: str) -> dict[str, Any]:
        has_parts = any(line["denominator"] for line in self.lines)
        parts = {"numerator": "Done", "denominator": "Due"} if has_parts else {}
        targets = list(self._targets(self.setting("target", "none")))
        optional = {
            "decimals": self.setting("decimals"),
            "seasonal": self.setting("seasonal"),
            "material": _amount(self.setting("material")),
            "rebases": [_rebase(said) for said in self.settings.get("rebase", ())],
            "no_target_because": "" if targets else "The scenario needs none.",
        }
        return make_kpi(
            id=kpi_id,
            kind=self.setting("kind", "number"),
            direction=self.setting("direction"),
            frequency=self.setting("frequency"),
            targets=targets,
            orgs=list(self.reporting),
            roll_up={
                "orgs": self.setting("roll up orgs", "none"),
                "time": self.setting("roll up time", "none"),
                "targets": list(self._targets(self.setting("target of the sum", "none"))),
            },
            **parts,
            **{name: value for name, value in optional.items() if value},
            **{name.replace(" ", "_"): self.setting(name) for name in _COVERS if name in self.settings},
        )

    def _targets(self, said: str) -> Iterator[dict[str, Any]]:
        """`95 from 2025-26; 96 from 2026-27`, `90 to 110` for a range, `none`."""
        for one in said.split("; ") if said != "none" else ():
            found = _match(_TARGET, one)
            target = {"from": found["from"] or "2015-16", "tolerance": _amount(self.setting("tolerance"))}
            ends = {"low": found["low"], "high": found["high"]} if found["high"] else {"target": found["low"]}
            milestone = self.setting("kind") == "milestone"
            yield {name: value for name, value in (target | ({} if milestone else ends)).items() if value}

    def _ladder(self, usual: dict[str, Any]) -> dict[str, Any]:
        if name := self.setting("ladder"):
            return dict(yaml.safe_load((LADDERS / f"{name}.yaml").read_text("utf-8")))
        stages = {
            "stages": [yaml.safe_load(said) for said in self.settings.get("stage", ())] or usual["stages"],
            "section_stages": [yaml.safe_load(said) for said in self.settings.get("section stage", ())],
        }
        return usual | stages | {"review_months": self.setting("review months") or None}

    def figures(self) -> Iterator[dict[str, Any]]:
        """A row for each line that is about a figure that an org reports."""
        for line in self.lines:
            if line["kpi"] in self.kpis and line["org"] in self.reporting and line.has_period:
                numerator, denominator, actual = (
                    _number(line[name]) for name in ("numerator", "denominator", "actual")
                )
                if line["denominator"]:
                    factor = 100 if self.setting("kind") == "percentage" else 1
                    actual = actual_from_parts(numerator, denominator, factor)
                yield {name: line[name] for name in ABOUT} | {
                    "kpi_id": line["kpi"],
                    "actual": actual,
                    "numerator": numerator,
                    "denominator": denominator,
                    "milestone": line["milestone"],
                    "not_applicable": line["not applicable"] == "yes",
                }
            elif not line.is_empty:
                raise ValueError(f"line {line.number}: {line['org']} reports nothing, so it has no figure of its own")


def read(path: Path, known: frozenset[str]) -> Scenario:
    """The scenario in a file; `known` are the columns that can be expected.

    Raises:
        ValueError: anything in it is not as it should be.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    table = [number for number, line in enumerate(lines) if not line.startswith("#")]
    head, body, end = lines[: table[0]], lines[table[0] : table[-1] + 1], lines[table[-1] + 1 :]
    if len(table) != len(body):
        raise ValueError("comments stand before the table, expected verdicts after it")
    header, *rows = csv.reader(body, strict=True)
    unknown = set(header) - {*ABOUT, *FIGURE, *DECIDING} - known
    if unknown or len(set(header)) < len(header):
        raise ValueError(f"no column, or given twice: {', '.join(sorted(unknown) or header)}")
    settings = _settings(head)
    defaults = {"kpi": "K", "org": "TRUST"}
    found = []
    for number, row in enumerate(rows, start=table[0] + 2):
        if len(row) != len(header):
            raise ValueError(f"line {number}: {len(row)} cells under {len(header)} columns")
        found.append(Line(number, defaults | dict(zip(header, row, strict=True))))
    verdicts = [_verdict(number, line, known) for number, line in enumerate(end, start=table[-1] + 2)]
    return Scenario(settings, [column for column in header if column in known], found, verdicts)


def _settings(head: Sequence[str]) -> dict[str, list[str]]:
    """The settings, which an empty comment parts from the prose."""
    if "#" not in head[1:]:
        raise ValueError("prose, an empty comment line, then the settings")
    settings: dict[str, list[str]] = {}
    for line in head[head.index("#") + 1 :]:
        name, colon, value = line.removeprefix("# ").partition(": ")
        if not colon or name not in SETTINGS or (name in settings and name not in REPEATED):
            raise ValueError(f"no setting, or given twice: {line}")
        settings.setdefault(name, []).append(value)
    if missing := REQUIRED - settings.keys():
        raise ValueError(f"no {', '.join(sorted(missing))}")
    return settings


def _verdict(number: int, line: str, known: frozenset[str]) -> Expected:
    """`# expect trend: steady`, `# expect words contains: improving`, `# expect rag of NORTH: Red`."""
    said, colon, text = line.removeprefix("# expect ").partition(":")
    said, contains = said.removesuffix(" contains"), said.endswith(" contains")
    column, _, org = (said, "", "") if said in known else said.rpartition(" of ")
    if not line.startswith("# expect ") or not colon or column not in known:
        raise ValueError(f"line {number}: nothing that can be expected: {line}")
    return Expected(number, column, org, contains, text.strip())


def _match(pattern: re.Pattern[str], said: str) -> re.Match[str]:
    found = pattern.fullmatch(said)
    if not found:
        raise ValueError(f"cannot be understood: {said}")
    return found


def _amount(said: str) -> dict[str, str] | None:
    """`2`, in the KPI's unit, or `10 %`."""
    if not said:
        return None
    found = _match(_AMOUNT, said)
    return {"relative" if found["percent"] else "absolute": found["amount"]}


def _rebase(said: str) -> dict[str, str]:
    """`2025-05-01, New booking system`."""
    day, _, reason = said.partition(", ")
    return {"on": day, "reason": reason}


def _number(said: str) -> float:
    return float(said) if said else nan
