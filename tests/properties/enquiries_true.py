"""Every line of enquiry is true by what the other sheets say, reckoned here from them, as a person reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from xlperf.report import layout

Row = Mapping[str, str]
Sheets = Mapping[str, Sequence[Row]]
Key = tuple[str, str]

ON, OFF = ("Green", "Blue"), ("Red", "Amber")
FEWEST, MOST, OF_A_KIND, SAME_CAUSE, RUNNING = 3, 7, 2, 3, 2
"""What catalogues have that say nothing else of enquiries."""
ABOUT_FIGURES = ("process", "cause", "forecast", "concern", "fall", "compared")
"""Kinds about a figure that is, or may go, off target: none of these is celebrated."""


def every_enquiry_is_true(sheets: Sheets, period: str, same_cause: int = SAME_CAUSE) -> None:
    """The lines that are to be asked for a period: each true, none about a person, so many, in order."""
    facts = _Facts(sheets, period, same_cause)
    asked = [
        row for row in sheets[layout.ENQUIRIES] if row["Period"] == period and row["How it stands"] == "To be asked"
    ]
    for row in asked:
        is_true(row, facts)
        names_nobody(row, sheets)
        agrees_with_the_pages(row, facts)
    so_many(asked, facts)


def is_true(row: Row, facts: _Facts) -> None:
    assert row["Kind"] in TRUE, row
    assert TRUE[row["Kind"]](row, facts), row
    assert row["Question"].endswith("?"), row
    assert row["Question"].startswith("What "), row
    assert row["To be answered by"], row


class _Facts:
    """What the sheets say, by KPI and org."""

    def __init__(self, sheets: Sheets, period: str, same_cause: int) -> None:
        self.sheets, self.period, self.same_cause = sheets, period, same_cause
        self.kpis = {_key(row): row for row in sheets[layout.KPIS]}
        self.exceptions = {_key(row): row for row in sheets[layout.EXCEPTIONS] if row["List"] == layout.TO_ACT_ON}
        self.celebrated = {_key(row) for row in sheets[layout.EXCEPTIONS] if row["List"] == layout.TO_CELEBRATE}
        self.data: dict[Key, list[Row]] = {}
        for row in sorted(sheets[layout.DATA], key=lambda row: row["Period ends"]):
            self.data.setdefault(_key(row), []).append(row)
        self.period_of = {row["Return"]: row["Period"] for row in sheets[layout.RETURNS] if row["Return"]}

    def current(self, key: Key) -> Row | None:
        """The row of *Data* with the figure that *KPIs* shows, where that is of the period reported on."""
        kpi, rows = self.kpis.get(key), self.data.get(key)
        return rows[-1] if kpi and rows and kpi["RAG"] not in ("Not returned", "Not due", "Closed") else None

    def running(self, key: Key, holds: Callable[[Row], bool]) -> int:
        """In so many returns, running up to the last, it holds of the last figure that each gave."""
        if self.current(key) is None:
            return 0
        number, seen = 0, set[str]()
        for row in reversed(self.data[key]):
            returned_for = self.period_of.get(row["Return"], "") if row["Return"] else ""
            if not returned_for:
                break
            if returned_for in seen:
                continue
            seen.add(returned_for)
            if not holds(row):
                break
            number += 1
        return number

    def cause(self, key: Key) -> int:
        current = self.current(key)
        if current is None or not _plain(current["Cause"]) or self.kpis[key]["RAG"] not in OFF:
            return 0
        return self.running(key, lambda row: _plain(row["Cause"]) == _plain(current["Cause"]))

    def provisional(self, key: Key) -> int:
        return self.running(key, lambda row: row["Provisional"] == "yes")

    def is_forecast_to_miss(self, key: Key) -> bool:
        row = self.kpis[key]
        is_over = "which is over" in row["Forecast in words"]
        return row["RAG"] in ON and row["Forecast RAG"] in OFF and not is_over and key in self.exceptions

    def is_last(self, key: Key) -> bool:
        row = self.kpis[key]
        rank = re.match(r"(\d+)(=?) of (\d+)", row["Rank"])
        return bool(rank and not rank[2] and rank[1] == rank[3] and int(rank[3]) >= 3 and row["RAG"] in OFF)

    def actions(self) -> Iterator[Row]:
        for row in self.sheets[layout.ACTIONS]:
            if row["Status"] == "Open" and (int(row["Days overdue"] or 0) > 0 or int(row["Times put off"] or 0) >= 2):
                yield row

    def could_be(self) -> set[tuple[str, Key]]:
        """Some of what could be asked: what can be told from a row or two."""
        told = {("forecast", key) for key in self.kpis if self.is_forecast_to_miss(key)}
        told |= {("compared", key) for key in self.kpis if self.is_last(key)}
        told |= {("cause", key) for key in self.kpis if self.cause(key) >= self.same_cause}
        told |= {("provisional", key) for key in self.kpis if self.provisional(key) >= RUNNING}
        told |= {("action", _key(row)) for row in self.actions() if _key(row) in self.kpis}
        return {(kind, key) for kind, key in told if self.kpis[key]["RAG"] != "Closed"}


def _process(row: Row, facts: _Facts) -> bool:
    kpi = facts.kpis[_key(row)]
    is_wanted = kpi["RAG"] in ON and kpi["Variation"].startswith("improving")
    return kpi["Assurance"] == "will miss" and not is_wanted and _key(row) in facts.exceptions


def _cause(row: Row, facts: _Facts) -> bool:
    number = facts.cause(_key(row))
    current = facts.current(_key(row))
    said = " ".join(current["Cause"].split()).rstrip(".") if current else ""
    return number >= facts.same_cause and f"last {number} returns" in row["Evidence"] and f"“{said}”" in row["Evidence"]


def _action(row: Row, facts: _Facts) -> bool:
    number = re.search(r"A-\d+\w*", row["Evidence"])
    (action,) = [each for each in facts.actions() if number and each["Action no."] == number[0]]
    is_about = _key(action) == _key(row) or row["Ref"] == action["Action no."]
    days, moved = int(action["Days overdue"] or 0), int(action["Times put off"] or 0)
    says_late = (f"{days} day" in row["Evidence"] and "overdue" in row["Evidence"]) or not days
    return is_about and says_late and ("put off" in row["Evidence"] or not moved)


def _forecast(row: Row, facts: _Facts) -> bool:
    return facts.is_forecast_to_miss(_key(row)) and facts.kpis[_key(row)]["Forecast RAG"] in row["Evidence"]


def _concern(row: Row, facts: _Facts) -> bool:
    kpi = facts.kpis[_key(row)]
    return kpi["RAG"] in ON and kpi["Variation"].startswith("concerning") and "concerning" in row["Evidence"]


def _fall(row: Row, facts: _Facts) -> bool:
    """It is worse than all the figures before, and by more than these differ."""
    kpi = facts.kpis[_key(row)]
    words = re.search(r"(?:fell|rose|went) to (\S+).* after .* in (\d+) figures", row["Evidence"])
    return bool(words and int(words[2]) >= 4 and kpi["RAG"] in ON)


def _compared(row: Row, facts: _Facts) -> bool:
    rank = facts.kpis[_key(row)]["Rank"]
    return facts.is_last(_key(row)) and f"anked {rank}" in row["Evidence"]


def _last(row: Row, facts: _Facts) -> bool:
    words = re.search(r"last on (\d+) of (\d+) KPIs", row["Evidence"])
    ranks = [
        re.match(r"(\d+)(=?) of (\d+)", kpi["Rank"])
        for (_, org), kpi in facts.kpis.items()
        if org == row["Org"] and kpi["RAG"] not in ("Not returned", "Not due", "Closed")
    ]
    ranked = [each for each in ranks if each and int(each[3]) >= 3]
    last = sum(each[1] == each[3] for each in ranked)
    return bool(words) and (int(words[1]), int(words[2])) == (last, len(ranked)) if words else False


def _silence(row: Row, facts: _Facts) -> bool:
    """No figure of this period, nor of the one before: none in *Data* from a return of either."""
    key = _key(row)
    returned = {facts.period_of.get(each["Return"], "") for each in facts.data.get(key, ()) if each["Return"]}
    issued = sorted({each["Period"] for each in facts.sheets[layout.RETURNS] if each["Issued"]})
    return facts.kpis[key]["RAG"] == "Not returned" and len(issued) >= RUNNING and facts.period not in returned


def _validation(row: Row, facts: _Facts) -> bool:
    number = facts.running(_key(row), lambda each: each["Validated"] != "yes" and each["RAG"] != "Not applicable")
    return number >= RUNNING and f"last {number} returns" in row["Evidence"]


def _provisional(row: Row, facts: _Facts) -> bool:
    number = facts.provisional(_key(row))
    return number >= RUNNING and f"last {number} returns" in row["Evidence"]


def _definition(row: Row, facts: _Facts) -> bool:
    return bool(facts.kpis[_key(row)]["Definition changed"])


TRUE: Mapping[str, Callable[[Row, _Facts], bool]] = {
    "process": _process, "cause": _cause, "action": _action, "forecast": _forecast, "concern": _concern,
    "fall": _fall, "compared": _compared, "last": _last, "silence": _silence, "validation": _validation,
    "provisional": _provisional, "definition": _definition,
}  # fmt: skip


def names_nobody(row: Row, sheets: Sheets) -> None:
    """No one who did, signed or decided anything is in a question, nor in its evidence but in an owner's own words."""
    people = {each["Action owner"] for each in sheets[layout.ACTIONS]}
    people |= {each[name] for each in sheets[layout.RETURNS] for name in ("Completed by", "Signed off by")}
    people |= {each[layout.DECIDED_BY] for each in sheets[layout.ESCALATION]}
    said = re.sub("“[^”]*”", "", f"{row['Question']} {row['Evidence']}")
    for person in filter(None, people):
        assert person not in said, (person, row)


def agrees_with_the_pages(row: Row, facts: _Facts) -> None:
    """Its colour, and how long, are those of *KPIs* and *Exceptions*; what is celebrated is not asked about so."""
    key = _key(row)
    assert row["Kind"] not in ABOUT_FIGURES or key not in facts.celebrated, row
    long = re.search(r"off target for (\d+) ", row["Evidence"])
    if key in facts.exceptions and long:
        assert facts.exceptions[key]["Periods"] == long[1], row
    if key in facts.kpis and row["Kind"] in ABOUT_FIGURES:
        assert row["Evidence"].startswith(facts.kpis[key]["RAG"]), row
    # A question proposes nothing: that is for whoever decides.
    for stage in {each["Proposed stage"] for each in facts.sheets[layout.ESCALATION]} - {"", "None"}:
        assert stage not in row["Question"], row


def so_many(asked: Sequence[Row], facts: _Facts) -> None:
    assert len(asked) <= MOST
    assert len(asked) >= min(FEWEST, len(facts.could_be())), facts.could_be()
    if len(asked) > FEWEST:
        assert max(Counter(row["Kind"] for row in asked).values()) <= OF_A_KIND
        assert max(Counter(row["Ref"] for row in asked if row["Ref"] != "Org").values()) == 1


def _key(row: Row) -> Key:
    return (row["Ref"], row["Org"])


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".;,! ")
