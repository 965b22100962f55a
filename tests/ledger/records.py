"""Records for the tests of ledgers: a return issued, one received, and one of every kind."""

from __future__ import annotations

from tests.conftest import Q1
from xlperf.findings import Location, finding
from xlperf.ledger import AcceptedCatalogue, Decision, Edition, Imported, Issued, MeetingPack, Received, Record
from xlperf.ledger.records import ACCEPTED
from xlperf.returns.figure import Figure, FigureKey

K: FigureKey = ("V1", "TRUST", Q1)


def issued(serial: int, owner: str = "alpha", period: str = Q1) -> Issued:
    return Issued(f"id{serial}", serial, owner, period, "1", "abc", "1", f"{serial}.xlsx", (K,))


def received(
    sha256: str, actual: float | None, serial: int = 1, saved: str = "2026-07-08T09:00:00", **more: object
) -> Received:
    figures = () if actual is None else (Figure(*K, actual=actual),)
    return Received(
        sha256, f"{sha256}.xlsx", Q1, ACCEPTED, f"id{serial}", serial, "alpha", Q1, saved, figures=figures, **more  # type: ignore[arg-type]
    )  # fmt: skip


EVERYTHING: tuple[Record, ...] = (
    issued(1),
    Received(
        "a",
        "naïve – file.xlsx",
        Q1,
        ACCEPTED,
        "id1",
        1,
        "alpha",
        Q1,
        "2026-07-08T09:00:00+00:00",
        "Ann",
        "Bob",
        "2026-07-08",
        (Figure(*K, 97.0, 97.0, 100.0, commentary="one\u2028two\u2029three\x85four\nfive", action_due="2026-09-30"),),
        (("P1", "TRUST", Q1),),
        (("C1", "TRUST", Q1),),
        (finding("R001", "no number", Location("f.xlsx", "Return", "L7", None, *K), found="x", expected="y"),),
    ),
    Imported("i", "h.csv", (Figure(*K, actual=1e-7, not_applicable=False),)),
    Decision("V1", "TRUST", "Enhanced", "Chief Executive", "2026-07-20", "Says: \"no\", \\ and Ŵ"),
    Decision("P1", "TRUST"),
    Edition(Q1, {"a.xlsx": "00ff"}),
    MeetingPack("audit", Q1, "Audit a", {"Audit a pack.pdf": "00ff"}),
    AcceptedCatalogue("cafe", "2026.2", "12ab", ("V1 Vacancies: 1 from Amber to Green; …",)),
)  # fmt: skip
