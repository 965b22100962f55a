"""What must hold of every master, whatever has happened: read from its sheets and messages, as a person reads them.

A workspace goes through the use case of a collation, into a master in memory. Nothing is asked of the code's own
records: the oracle is what the sheets say of the same thing elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import BY, Q1, Q2, Q3, Q4, at, catalogue_data, draws, kpi_in, write_catalogue
from tests.properties.enquiries_true import every_enquiry_is_true
from tests.workbook.memory import MemoryTable, MemoryWorkbook
from xlperf.catalogue import Catalogue, Kind
from xlperf.ledger import Decision, Edition, Imported, Issued, Received, TypedWords
from xlperf.ledger.records import ACCEPTED, HELD, Record
from xlperf.period import Period
from xlperf.report import layout, results
from xlperf.report.views import SHEETS
from xlperf.returns.figure import Figure
from xlperf.rules.rag import actual_from_parts
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.cycle.collate import Collated, Options, collate_under
from xlperf.workflow.cycle.period_standing import standing
from xlperf.workflow.cycle.sample import history_periods, sample
from xlperf.workflow.master.door import Written
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import FRAMEWORKS, init
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run

RATED, OFF, ON = ("Blue", "Green", "Amber", "Red"), ("Red", "Amber"), ("Green", "Blue")
COLOURS = ("Red", "Amber", "Green", "Blue", "No target", "Not applicable", "Not returned", "Not due", "Closed")
OPEN = ("No decision yet", "To decide: proposed after", "To decide: not a stage", "Decided twice")
BY_IT_ALONE = r"(?:^|; )(\S+), into which it rolls up, is (Red|Amber) .*?by it alone"
"""What the row of a member says of the org above, which has no row of its own."""
STATES = (*OPEN, "As proposed", "Decided otherwise", "Nothing proposed", "Not a stage of the ladder")
UNCATALOGUED = ("Not in the catalogue", "Retired after", "A case of its own")


class MemoryDoor:
    """The way to a master that lies in memory."""

    def __init__(self, book: MemoryWorkbook) -> None:
        self.book = book

    def existing(self) -> WorkbookPort | None:
        return self.book

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        return self.book

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        return Written(Path("master.xlsx"))


class Team:
    """A team whose master lies in memory; what is returned comes as records of the ledger."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.ledger, self._step = workspace, workspace.ledger(), 0
        tables = {sheet.table: MemoryTable(sheet.table, sheet.headers, [{}]) for sheet in SHEETS}
        self.book = MemoryWorkbook(
            tables, dict.fromkeys((layout.CONTENTS_TITLE, layout.TITLE, layout.SUBTITLE, layout.SUMMARY))
        )

    @property
    def now(self) -> datetime:
        """A moment that is later at each look; all of them after the deadlines of the small catalogue but the last."""
        self._step += 1
        return at("2026-11-01") + timedelta(hours=self._step)

    def happens(self, *records: Record) -> None:
        """Something comes into the ledger."""
        self.ledger.append("test", records, at=self.now, by=BY)

    def published(self, period: str) -> None:
        """An edition is frozen of what the ledger has."""
        self.happens(Edition(period, {f"{period} edition {self._step}.xlsx": "0" * 64}))

    def collated(self, period: str) -> Master:
        """Collate, and read what master and messages say."""
        moment = self.now
        with locked(self.workspace, "collating", Run(moment, BY)) as lock:
            options = Options(period, accepts=lambda _: True)
            done = collate_under(lock, self.workspace, MemoryDoor(self.book), Run(moment, BY), options)
        sheets = {
            sheet.table: [
                {header: row[header].raw for header in sheet.headers} for row in self.book.read_table(sheet.table).rows
            ]
            for sheet in SHEETS
        }
        record = standing(self.workspace, period, now=moment).as_record()["counts"]
        calendar = {str(each): entry for each, entry in self.workspace.catalogue().entry_by_period.items()}
        is_late = moment.date() > calendar[period].return_deadline
        return Master(
            sheets, str(self.book.read_name(layout.SUMMARY)), done, record, is_late, self.workspace.catalogue().board
        )


@dataclass(frozen=True)
class Master:
    """What master and messages say after a collation; `is_late` where the deadline of the period had passed."""

    sheets: Mapping[str, list[dict[str, str]]]
    heading: str
    done: Collated
    record: Mapping[str, Any]
    is_late: bool
    board: str

    def __getitem__(self, table: str) -> list[dict[str, str]]:
        return self.sheets[table]

    @property
    def about(self) -> Mapping[str, str]:
        return {row["Item"]: row["Value"] for row in self[layout.ABOUT]}

    @property
    def message(self) -> str:
        """The line of counts of the closing message."""
        (line,) = [line for line in results.collated(self.done, most=5) if "indicator" in line]
        return line

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everywhere that counts are said in a sentence."""
        return (self.heading, self.message, "\n".join(f"{item}: {value}" for item, value in self.about.items()))

    @property
    def said_in_a_members_row(self) -> set[tuple[str, str]]:
        """The roll-ups that are off target by one member alone, and have no row of their own."""
        rows = self[layout.EXCEPTIONS]
        return {(row["Ref"], org) for row in rows for org, _ in re.findall(BY_IT_ALONE, row["Why it is listed"])}

    def listed(self, name: str) -> set[tuple[str, str]]:
        return {key_of(row) for row in self[layout.EXCEPTIONS] if row["List"] == name}


def master_of(workspace: Workspace, done: Collated, now: datetime) -> Master:
    """The master that a collation wrote, read from its file."""
    book = FileWorkbook.open(workspace.master)
    rows = {sheet: book.read_table(sheet.table).rows for sheet in SHEETS}
    sheets = {
        sheet.table: [{header: row[header].raw for header in sheet.headers} for row in rows[sheet]] for sheet in rows
    }
    catalogue = workspace.catalogue()
    record = standing(workspace, str(done.period), now=now).as_record()["counts"]
    is_late = now.date() > catalogue.entry_by_period[done.period].return_deadline
    return Master(sheets, str(book.read_name(layout.SUMMARY)), done, record, is_late, catalogue.board)


def key_of(row: Mapping[str, str]) -> tuple[str, str]:
    return row["Ref"], row["Org"]


def colours_in(words: str) -> dict[str, int]:
    """The colours counted at the beginning of a sentence, up to what is said to stand elsewhere."""
    counted = re.findall(rf"(\d+) ({'|'.join(COLOURS)})\b(?!\))", words.split(";")[0])
    return {rag: int(number) for number, rag in counted}


def number(words: str, pattern: str) -> int:
    match = re.search(pattern, words)
    return int(match[1]) if match else 0


# ---- the invariants ------------------------------------------------------------------------------------------------


def the_same_counts_everywhere(master: Master) -> None:
    kpis = master[layout.KPIS]
    by_rag = dict(Counter(row["RAG"] for row in kpis))
    assert {rag: count for rag, count in master.record["rag"].items() if count} == by_rag
    assert master.record["figures"] == len(kpis)
    assert master.record["kpis"] == len({row["Ref"] for row in kpis})
    for words in (master.heading.split(" · ")[0], master.message.split(" · ")[0], master.about["By colour"]):
        assert colours_in(words) == by_rag, words
    bands = [row["Change"] for row in master[layout.DASHBOARD] if row[layout.KIND] == layout.SECTION_ROW]
    assert sum((Counter(colours_in(words)) for words in bands), Counter()) == Counter(by_rag)
    # What is printed, and what is said to stand on KPIs only, are together all of it.
    printed = Counter(row["RAG"] for row in master[layout.DASHBOARD] if row[layout.KIND] == layout.KPI_ROW)
    elsewhere = master.heading.split(" · ")[0].partition("on KPIs only: ")[2]
    assert printed + Counter(colours_in(elsewhere)) == Counter(by_rag)
    lines = [row for row in master[layout.DASHBOARD] if row[layout.KIND] == layout.KPI_ROW]
    assert not Counter((row["Ref"], row["RAG"]) for row in lines) - Counter((row["Ref"], row["RAG"]) for row in kpis)


def the_same_lists_everywhere(master: Master) -> None:
    rows = master[layout.EXCEPTIONS]
    keys = [(*key_of(row), row["List"]) for row in rows]
    assert len(set(keys)) == len(keys)
    act, celebrate = master.listed(layout.TO_ACT_ON), master.listed(layout.TO_CELEBRATE)
    assert not act & celebrate
    assert sum(master.record["to_act_on"].values()) == len(act)
    assert master.record["to_celebrate"] == len(celebrate)
    for words in (master.message, master.about["Listed in Exceptions"]):
        assert (number(words, r"(\d+) to act on"), number(words, r"(\d+) to celebrate")) == (len(act), len(celebrate))
    to_miss = {key_of(row) for row in master[layout.KPIS] if row["Forecast RAG"] in ("Red", "Amber")}
    assert to_miss <= act | master.said_in_a_members_row
    assert master.record["forecast_to_miss"] == number(master.about["Forecast to miss"], r"^(\d+) of") == len(to_miss)
    off = [row for row in rows if row["Red or Amber since"]]
    assert {row["List"] for row in off} <= {layout.TO_ACT_ON}
    number_off = len(off) + len(master.said_in_a_members_row)
    assert master.record["off_target"] == number_off
    assert number(master.about["Off target"], r"^(\d+) of") == number_off
    assert number(master.about["Off target"], r"of (\d+) figures?") == len(master[layout.KPIS])


def the_same_escalation_everywhere(master: Master) -> None:
    rows = [row for row in master[layout.ESCALATION] if not row["Status"].startswith(UNCATALOGUED)]
    rows = [row for row in rows if not row["Status"].endswith("does not report it")]
    stages = {row["Stage"].casefold() for row in master[layout.STAGES]} - {"none"}
    to_decide = [row for row in rows if row["Status"].startswith(OPEN)]
    decided = {key_of(row) for row in master[layout.KPIS] if in_a_stage(row["Escalation"], stages)}
    valid = [row for row in rows if "ot a stage" not in row["Status"]]
    decided |= {key_of(row) for row in valid if row[layout.DECIDED].strip().casefold() in stages}
    # The board's page asks what the board decides, and which of two decisions stands; nobody shows it more here.
    of_the_board = [
        row for row in to_decide if row["Status"].startswith("Decided twice") or row["Who decides"] == master.board
    ]
    for words in master.sentences:
        asked_here = of_the_board if words is master.heading else to_decide
        assert number(words, r"(\d+) proposals? of escalation to decide") == len(asked_here), words
        assert number(words, r"(\d+) in escalation") == len(decided), words
    assert sum(master.record["to_decide"].values()) == len(to_decide)
    assert sum(master.record["in_escalation"].values()) == len(decided)
    asked = {key_of(row) for row in master[layout.KPIS] if row["Escalation"].endswith("?")}
    sections = {row["Ref"] for row in rows if row["KPI"].startswith("Section: ")}
    assert asked == {key_of(row) for row in to_decide if row["Ref"] not in sections}
    assert {key_of(row) for row in to_decide} == {
        key_of(row) for row in master[layout.EXCEPTIONS] if row["Escalation"].endswith("?")
    }


def in_a_stage(words: str, stages: set[str]) -> bool:
    """Whether a stage is in force by the words of a cell: not one that is only proposed, which ends in `?`."""
    now, _, proposed = words.partition(" → ")
    return now.casefold() in stages and (bool(proposed) or not words.endswith("?"))


def every_proposal_is_in_exactly_one_state(master: Master) -> None:
    keys = [key_of(row) for row in master[layout.ESCALATION]]
    assert len(set(keys)) == len(keys)
    for row in master[layout.ESCALATION]:
        if row["Status"].startswith(UNCATALOGUED) or row["Status"].endswith("does not report it"):
            assert not row["Proposed stage"]
            continue
        states = [state for state in STATES if row["Status"].startswith(state)]
        assert len(states) == 1, row["Status"]
        is_none, decided = row["Proposed stage"] == "None", row[layout.DECIDED].strip()
        if states == ["As proposed"]:
            assert decided.casefold() == row["Proposed stage"].casefold()
        if states == ["No decision yet"]:
            assert not decided
            assert not is_none
        if states == ["Decided otherwise"]:
            assert decided.casefold() != row["Proposed stage"].casefold()


def nothing_is_in_no_list(master: Master) -> None:
    act = master.listed(layout.TO_ACT_ON)
    for row in master[layout.KPIS]:
        is_off = row["RAG"] in OFF or (row["RAG"] == "Not returned" and master.is_late) or row["Escalation"]
        assert not is_off or key_of(row) in act or key_of(row) in master.said_in_a_members_row, row
    assert not act & master.said_in_a_members_row
    for row in master[layout.ESCALATION]:
        if row["Status"].startswith(OPEN):
            assert key_of(row) in act, row


def runs_are_the_same_wherever_they_are_printed(master: Master) -> None:
    """Since when, and for how many periods: in the column, in the sentence, and counted from *Data*."""
    data: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in sorted(master[layout.DATA], key=lambda row: row["Period ends"]):
        data.setdefault(key_of(row), []).append((row["RAG"], row["Period ends"]))
    begins = {}
    for row in master[layout.EXCEPTIONS]:
        why, since = row["Why it is listed"], row["Red or Amber since"]
        if row["List"] == layout.TO_ACT_ON and since:
            assert int(row["Periods"]) == number(f"{why}; off target for 1 ", r"off target for (\d+) "), why
            assert int(row["Periods"]) == 1 or re.search(rf"since (at least )?{re.escape(since)}", why), why
            begins[key_of(row)] = (int(row["Periods"]), row["Off target from"])
        elif words := re.search(r"on target for (\d+)( of \d+)? periods?", why):
            run = run_of([rag for rag, _ in data.get(key_of(row), [])], ON, OFF)
            assert int(words[1]) == len(run) or key_of(row) not in data, why  # *Data* has no roll-ups
    for key, (figures, first_day) in begins.items():
        rags = data.get(key, [])
        counted = run_of([rag for rag, _ in rags], OFF, ON)
        # Not a roll-up, which *Data* has not; nor a figure that is not applicable now and was Red when it was given.
        if rags and rags[-1][0] != "Not applicable":
            assert len(counted) == figures, key
            assert first_day <= rags[counted[0]][1], key


def run_of(rags: list[str], within: tuple[str, ...], ended_by: tuple[str, ...]) -> list[int]:
    """The places of the last run, the first of it first."""
    run: list[int] = []
    for place in reversed(range(len(rags))):
        if rags[place] in ended_by:
            break
        if rags[place] in within:
            run.insert(0, place)
    return run


def returns_and_restatements_are_counted_alike(master: Master, period: str) -> None:
    of_period = [row for row in master[layout.RETURNS] if row["Period"] == period]
    issued = {row["Responsible owner"] for row in of_period}
    in_use = {row["Responsible owner"] for row in of_period if row["Standing"] == "In use"}
    assert (master.record["returns"]["returned"], master.record["returns"]["issued"]) == (len(in_use), len(issued))
    for words in master.sentences:
        assert number(words, r"(\d+) of \d+ returns received") == len(in_use)
        assert number(words, r"\d+ of (\d+) returns received") == len(issued)
    assert number(master.about["Returns"], r"(\d+) issued") == len(issued)
    restated = sum("restated" in row["Figure is"] for row in master[layout.KPIS])
    assert (master.record["restated"], number(master.message, r"(\d+) restated")) == (restated, restated)
    assert number(master.about["May still change"], r"(\d+) of \d+ figures? restated") == restated


def what_executives_say_is_the_same_everywhere(master: Master) -> None:
    rows = master[layout.NARRATIVE]
    said = {
        key_of(row): row["What the executive says"] for row in master[layout.KPIS] if row["What the executive says"]
    }
    assert said.keys() <= {key_of(row) for row in rows}
    drafts = {key for key, words in said.items() if words.startswith("Not yet approved: ")}
    approved = {key_of(row) for row in rows if row["Status"].startswith("Approved by ")}
    assert said.keys() - drafts == approved
    words = master.about.get(
        "Executives' words", "0 rolled-up = 0 with approved words + 0 with a draft + 0 without words"
    )
    assert number(words, r"^(\d+) rolled-up") == len(rows)
    assert number(words, r"(\d+) with approved") == len(approved)
    assert number(words, r"(\d+) with a draft") == len(drafts)
    assert number(words, r"(\d+) without") == len(rows) - len(said)


def nothing_is_counted_out_of_nothing(master: Master) -> None:
    for table, rows in master.sheets.items():
        for row in rows:
            assert not any(re.search(r"\b0 of 0\b", value) for value in row.values()), (table, row)


def check(master: Master, period: str) -> None:
    the_same_counts_everywhere(master)
    the_same_lists_everywhere(master)
    the_same_escalation_everywhere(master)
    every_proposal_is_in_exactly_one_state(master)
    nothing_is_in_no_list(master)
    runs_are_the_same_wherever_they_are_printed(master)
    returns_and_restatements_are_counted_alike(master, period)
    what_executives_say_is_the_same_everywhere(master)
    nothing_is_counted_out_of_nothing(master)
    every_enquiry_is_true(master.sheets, period)


# ---- small workspaces, with whatever may happen --------------------------------------------------------------------

SERIES = [("V1", "TRUST"), ("L1", "TRUST"), ("M1", "TRUST"), ("S1", "NORTH"), ("S1", "SOUTH"), ("C1", "NORTH"),
          ("C1", "SOUTH")]  # fmt: skip
KPIS_WITH_A_ROW = [*SERIES, ("S1", "TRUST"), ("C1", "TRUST"), ("quality", "TRUST"), ("Q9", "TRUST")]
VALUES = (0.0, 3.0, 4.5, 9.0, 10.5, 13.0, 50.0, 87.0, 95.0, "n/a")

figures = st.tuples(st.just("figure"), st.sampled_from(SERIES), st.sampled_from([Q4, Q1, Q2]), st.sampled_from(VALUES))
decisions = st.tuples(
    st.just("decide"), st.sampled_from(KPIS_WITH_A_ROW), st.sampled_from(["", "Enhanced", "Targeted", "None", "Gold"]),
    st.sampled_from(["2026-07-20", "2026-10-30", ""]),
)  # fmt: skip
others = st.tuples(
    st.sampled_from(["publish", "return", "hold"]), st.sampled_from(["alpha", "beta"]), st.sampled_from([Q1, Q2]),
    st.just(""),
)  # fmt: skip
spoken = st.tuples(
    st.just("say"), st.sampled_from(["It is winter.", "It is not.", ""]), st.sampled_from([Q4, Q1, Q2]),
    st.tuples(st.sampled_from(["", "Director"]), st.sampled_from(["2026-07-20", "soon", ""]), st.booleans()),
)  # fmt: skip
happenings = st.lists(st.one_of(figures, figures, figures, decisions, spoken, others), max_size=14)


def small_catalogue(*, many_orgs: bool, sections: bool) -> dict[str, Any]:
    """Two KPIs that are rolled up, and where asked no room for their orgs on the dashboard, and stages for sections."""
    data = catalogue_data()
    kpi_in(data, "S1")["roll_up"] = {"orgs": "parts"}
    kpi_in(data, "C1").update(
        orgs=["NORTH", "SOUTH"], roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 20}]}
    )
    data["rules"] = {"dashboard_orgs": 1 if many_orgs else 12, "sustained_green": 2}
    if sections:
        level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 1}, "leave": {"periods_without": 2}}
        data["escalation"]["section_stages"] = [level]
    return data


def as_figure(key: tuple[str, str], period: str, value: float | str) -> Figure:
    if value == "n/a":
        return Figure(*key, period, not_applicable=True, reason_not_applicable="None fell due")
    if key[0] == "M1":
        return Figure(*key, period, milestone="On track" if float(value) > 9 else "Off track")
    if key[0] == "S1":
        return Figure(*key, period, actual=float(value), numerator=float(value), denominator=100.0)
    return Figure(*key, period, actual=float(value), forecast=float(value) - 10 if key[0] == "V1" else None)


def come_to_pass(team: Team, events: list[tuple[str, Any, str, Any]]) -> None:
    for place, (what, about, said, more) in enumerate(events):
        if what == "figure":
            team.happens(Imported(f"{place:064d}", "f.csv", (as_figure(about, said, more),)))
        elif what == "decide":
            kpi, org = about
            team.happens(Decision(kpi, org, said, "Chief Executive" if said else "", more if said else ""))
        elif what == "say":
            by, on, is_seen = more
            before = team.ledger.state().words.get(("S1", "TRUST", said))
            words, approved_by, approved_on = before.shown if before and is_seen else ("", "", "")
            over = (words, approved_by, approved_on)
            team.happens(TypedWords("S1", "TRUST", said, about, by, on, "5.5 (Red)", "", over, f"book {place}"))
        elif what == "publish":
            team.published(said)
        else:
            return_of(team, about, said, place, ACCEPTED if what == "return" else HELD)


def return_of(team: Team, owner: str, period: str, serial: int, outcome: str) -> None:
    """A return is issued, and comes back with one figure."""
    (team.workspace.returns / period / "received").mkdir(parents=True, exist_ok=True)
    (team.workspace.returns / period / "received" / "moved.txt").write_text("They lie elsewhere.")
    name, key = f"{serial:016x}", ("V1" if owner == "alpha" else "G1", "TRUST", period)
    team.happens(Issued(name, serial, owner, period, "1", "0" * 64, "1", f"{name}.xlsx", (key,)))
    figure = Figure(*key, actual=50.0 + serial)
    received = Received(f"{serial + 1000:064d}", f"{name}.xlsx", period, outcome, name, serial, owner, period)
    team.happens(replace(received, figures=(figure,)))


@pytest.fixture
def new_team(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Team]:
    """Makes the team of a workspace with a small catalogue, in which nothing has happened yet."""

    def make(*, many_orgs: bool = False, sections: bool = False) -> Team:
        root = tmp_path_factory.mktemp("small")
        (root / "returns").mkdir()
        write_catalogue(root, small_catalogue(many_orgs=many_orgs, sections=sections))
        return Team(Workspace(root))

    return make


# Not shrunk: an example takes up to a second, and has few steps as it is.
@settings(
    draws(40),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings, st.booleans(), st.booleans(), st.sampled_from([Q1, Q2, Q3]))
def test_whatever_happens_every_sheet_and_message_says_the_same(
    new_team: Callable[..., Team], events: list[Any], many_orgs: bool, sections: bool, period: str
) -> None:
    team = new_team(many_orgs=many_orgs, sections=sections)
    come_to_pass(team, events)
    check(team.collated(period), period)


# ---- the frameworks that are shipped -------------------------------------------------------------------------------


def history(catalogue: Catalogue, last: Period, periods: int) -> Iterator[Figure]:
    """Made-up figures of the last so many reporting periods; some do not apply, and some are not there."""
    for kpi in catalogue.kpis:
        for place, org in enumerate(catalogue.orgs_of(kpi)):
            for period in history_periods(kpi, last.previous(periods), last):
                made = sample(kpi, org, period, last.previous(periods))
                is_last = period.last_day > last.first_day
                if is_last and place % 5 == 4:
                    continue
                if is_last and place % 7 == 6:
                    yield Figure(kpi.id, org.code, str(period), not_applicable=True, reason_not_applicable="closed")
                elif kpi.kind is Kind.MILESTONE:
                    yield Figure(kpi.id, org.code, str(period), milestone=made.milestone)
                elif made.parts:
                    top, bottom = map(float, made.parts)
                    actual = actual_from_parts(top, bottom, kpi.factor)
                    yield Figure(kpi.id, org.code, str(period), actual, top, bottom)
                else:
                    yield Figure(kpi.id, org.code, str(period), made.actual)


@pytest.fixture(scope="session", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Master, str]:
    """A shipped framework with a year of made-up figures, an edition, decisions, and figures changed since."""
    workspace = init(tmp_path_factory.mktemp(request.param) / "workspace", request.param)
    team, catalogue = Team(workspace), workspace.catalogue()
    last = max(each for each in catalogue.entry_by_period if each.last_day < date(2026, 10, 31))
    steps = 12 // (3 if last.frequency == "quarterly" else 1)
    made = list(history(catalogue, last, steps))
    is_late = {
        each.key for each in made if catalogue.kpi_by_id[each.kpi_id].period(each.period).last_day > last.first_day
    }
    team.happens(Imported("0" * 64, "history.csv", tuple(each for each in made if each.key not in is_late)))
    team.published(str(last.previous()))
    team.happens(Imported("1" * 64, "latest.csv", tuple(each for each in made if each.key in is_late)))
    proposed = team.collated(str(last))[layout.ESCALATION]
    for row, stage in zip(proposed, ("as proposed", "None", "no such stage"), strict=False):
        stage = row["Proposed stage"] if stage == "as proposed" else stage
        team.happens(Decision(*key_of(row), stage, "Chief Executive", "2026-11-01"))
    corrected = [replace(each, actual=each.actual * 0.9) for each in made[::40] if each.actual and not each.numerator]
    team.happens(Imported("2" * 64, "corrected.csv", tuple(corrected)))
    return team.collated(str(last)), str(last)


def test_every_sheet_and_message_of_a_shipped_framework_says_the_same(framework: tuple[Master, str]) -> None:
    check(*framework)


def test_changes_name_only_what_the_sheets_show(framework: tuple[Master, str]) -> None:
    """Each change of how a KPI stands is in KPIs as it says; each restated figure is in Data with its value of now."""
    master, _ = framework
    rows = [row for row in master[layout.CHANGES] if row["Ref"]]
    colours = {key_of(row): row["RAG"] for row in master[layout.KPIS]}
    assert rows
    for row in rows:
        if row["What changed"] in ("Newly Red", "Newly off target", "Newly on target"):
            assert colours[key_of(row)] == row["Now"].split(" in ")[0]
            assert row["What changed"] == "Newly on target" or key_of(row) in master.listed(layout.TO_ACT_ON)
