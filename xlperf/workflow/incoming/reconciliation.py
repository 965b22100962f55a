"""The reconciliation of a collation: counts that must add up, shown on the About sheet whether they do or not.

Files listed = accepted + rejected + ignored; returns issued = returned + missing + no longer due; cells found =
accepted + flagged + refused. A file, return or cell that was lost on the way would be missing on the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment.return_counts import ReturnCounts
from xlperf.ledger import Received
from xlperf.period import Period
from xlperf.report.count_words import accounted_for
from xlperf.returns.counting import CellCounts
from xlperf.workflow.incoming.received import Ignored

JudgedFiles = Sequence[tuple[str, Received]]
"""(name, judgement) of every file in the received folders."""


def reconciliation_rows(
    returns: ReturnCounts, period: Period, judged: JudgedFiles, ignored: Sequence[Ignored]
) -> Iterator[tuple[str, str]]:
    """The counts as (item, value) rows of the About sheet."""
    yield "Files", _files(judged, ignored)
    yield "Returns", accounted_for(returns)
    yield "Cells", _cells(judged, period)
    if ignored:
        yield "Ignored", "; ".join(f"{entry.name}: {entry.why}" for entry in ignored[:20])


def _files(judged: JudgedFiles, ignored: Sequence[Ignored]) -> str:
    accepted = sum(received.is_accepted for _, received in judged)
    held = sum(received.is_held for _, received in judged)
    rejected = f"{len(judged) - accepted} rejected" + (f" (of them {held} held for the team)" if held else "")
    return f"{len(judged) + len(ignored)} listed = {accepted} accepted + {rejected} + {len(ignored)} ignored"


def cells_of(judged: JudgedFiles, period: Period) -> CellCounts:
    """What became of the filled cells of a period's files, each counted once; of its folder's where they say none."""
    files = {received.sha256: received for _, received in judged if _period_of(received) == str(period)}
    return sum((received.cells for received in files.values()), CellCounts())


def _period_of(received: Received) -> str:
    return received.period or received.folder


def _cells(judged: JudgedFiles, period: Period) -> str:
    total = cells_of(judged, period)
    wrong = [
        name
        for name, received in judged
        if _period_of(received) == str(period) and received.cells.found != received.cells.accounted_for
    ]
    if not wrong:
        return str(total)
    return (
        f"{total} DOES NOT ADD UP: {', '.join(wrong[:5])}: something in the file was neither taken nor mentioned; "
        "compare its figures with the file by hand, and tell whoever looks after xlperf"
    )
