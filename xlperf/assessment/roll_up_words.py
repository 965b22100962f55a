"""An executive's words on rolled-up figures: which figures ask for them, and whether those given still fit theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Catalogue
from xlperf.ledger import Settled, State, TypedWords
from xlperf.ledger.words_records import WordsCells
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.rules.escalation.case import OFF_TARGET
from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey

NO_FIGURE = "no figure"
_USUAL = "common_cause"
_LONGEST = 20_000
"""Characters of all members that a cell surely holds; of more, only a hash is kept."""

Series = Mapping[SeriesKey, Sequence[JudgedFigure]]


@dataclass(frozen=True, slots=True)
class Stood:
    """How a rolled-up figure and its members stood, as a sheet shows them.

    `figure` is as `82.1 (Amber)`; `members` as `NORTH 80.1 (Red); SOUTH 84.0 (Green)`. Both are recorded with words.
    """

    figure: str
    members: str = ""

    @property
    def by_member(self) -> Mapping[str, str]:
        """How each member stood, by its org's code; {} where only a hash was kept."""
        parts = (part.partition(" ") for part in self.members.split("; ") if part)
        return {code: stood for code, _, stood in parts if not code.startswith("sha256:")}


def stood(series: Series, kpi_id: str, org: str, members: Sequence[str], period: str) -> Stood:
    """How a figure and its members stand in a period, as judged now."""
    listed = "; ".join(f"{member} {_stands(series, (kpi_id, member), period)}" for member in members)
    if len(listed) > _LONGEST:
        listed = f"sha256:{hashlib.sha256(listed.encode()).hexdigest()}"
    return Stood(_stands(series, (kpi_id, org), period), listed)


def _stands(series: Series, key: SeriesKey, period: str) -> str:
    return stands(figure_of(series, key, period))


def figure_of(series: Series, key: SeriesKey, period: str) -> JudgedFigure | None:
    """The judged figure of a period; None where there is none."""
    return next((row for row in reversed(series.get(key, ())) if row["period"] == period), None)


def stands(row: JudgedFigure | None) -> str:
    """`82.1 (Amber)`: a figure as printed, with its RAG, or why it has none."""
    if row is None:
        return NO_FIGURE
    return f"{row['shown']} ({row['rag']})" if row["shown"] and not row["not_applicable"] else str(row["rag"])


def asks_for_words(latest: Latest) -> bool:
    """Whether a board should hear something of a rolled-up figure: it is off target, or varies by a special cause."""
    if not latest.members or latest.row is None or not latest.is_current:
        return False
    varies = latest.verdicts is not None and latest.verdicts.variation not in (None, _USUAL)
    return latest.rag in OFF_TARGET or bool(latest.missed) or varies


def is_approved(settled: Settled[TypedWords], today: date) -> bool:
    """Whether somebody has approved just the words that stand, on a day that has come by today."""
    text, by, on = settled.history[-1].standing
    day = day_of(on)
    return bool(text and by) and day is not None and day <= today and not settled.disputed


def not_approved(catalogue: Catalogue, state: State, reporting: Period, today: date) -> list[FigureKey]:
    """The rolled-up figures of a reporting period of which something is said that nobody has approved."""
    kpis = catalogue.kpi_by_id
    return [
        (kpi_id, org, period)
        for (kpi_id, org, period), settled in state.words.items()
        if kpi_id in kpis
        and period in map(str, reporting.ending_within(kpis[kpi_id].frequency))
        and settled.history[-1].words
        and not is_approved(settled, today)
    ]


@dataclass(frozen=True, slots=True)
class ExecutiveWords:
    """What is said of one rolled-up figure.

    Attributes:
        settled: what was typed, and which of it stands.
        then: how the figure and its members stood when the words were typed, or approved.
        now: how they stand now.
        today: the day of the assessment.
    """

    settled: Settled[TypedWords]
    then: Stood
    now: Stood
    today: date

    @property
    def _typed(self) -> TypedWords:
        return self.settled.history[-1]

    @property
    def standing(self) -> WordsCells:
        """(words, approved by, approved on) that stand, as typed."""
        return self._typed.standing

    @property
    def text(self) -> str:
        """The words that stand; "" for none."""
        return self._typed.words

    @property
    def by(self) -> str:
        """Who has approved them, as typed; "" for nobody."""
        return self.standing[1]

    @property
    def on(self) -> date | None:
        """On which day; None where no day was typed that can be read."""
        return day_of(self.standing[2])

    @property
    def is_disputed(self) -> bool:
        """Whether two people typed without seeing each other's words, and nobody has chosen yet."""
        return bool(self.settled.disputed)

    @property
    def is_approved(self) -> bool:
        """Whether somebody has approved just these words, on a day that has come."""
        return is_approved(self.settled, self.today)

    @property
    def approved_others(self) -> tuple[str, str]:
        """Who approved the words that stood here before, and on which day; ("", "") where nobody did, or anew since."""
        typed = self._typed
        return (typed.by, typed.on) if typed.is_approval_of_others else ("", "")

    @property
    def has_moved(self) -> bool:
        """Whether the figure, or one that it is made of, is not what it was when the words were typed or approved."""
        return bool(self.text) and self.then != self.now

    @property
    def moved_members(self) -> Iterator[tuple[str, str, str]]:
        """The members that have changed since: code, how it stood, how it stands; "" where it was, or is, none."""
        then, now = self.then.by_member, self.now.by_member
        for code in dict.fromkeys((*then, *now)):
            if then.get(code, "") != now.get(code, ""):
                yield code, then.get(code, ""), now.get(code, "")


@dataclass(frozen=True, slots=True)
class WordsCounts:
    """Rolled-up figures of which a board should hear something, or of which something was said; each is in one.

    Attributes:
        approved: with words that are approved.
        drafts: with words that nobody has approved.
        without: without words.
        moved: of those with words, those that were said of another figure than the one of now.
    """

    approved: int
    drafts: int
    without: int
    moved: int

    @property
    def asked(self) -> int:
        """All of them."""
        return self.approved + self.drafts + self.without


def count_words(all_words: Iterable[ExecutiveWords | None]) -> WordsCounts:
    """How many figures there are of each; `all_words` has for each figure what is said of it, or None."""
    listed = [words if words is not None and words.text else None for words in all_words]
    said = [words for words in listed if words is not None]
    approved = sum(words.is_approved for words in said)
    moved = sum(words.has_moved for words in said)
    return WordsCounts(approved, len(said) - approved, len(listed) - len(said), moved)


def words_now(settled: Settled[TypedWords], now: Stood, today: date) -> ExecutiveWords:
    """What was typed about a figure, against how that stands now."""
    typed = settled.history[-1]
    return ExecutiveWords(settled, Stood(typed.figure, typed.members), now, today)
