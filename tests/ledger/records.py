"""Records for the tests of ledgers: a return issued, one received, and one of every kind."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import Q1, Q2, Q3
from xlperf.findings import Location, finding
from xlperf.ledger import (
    AcceptedCatalogue,
    Decision,
    Drafted,
    Edition,
    Imported,
    Issued,
    MeetingPack,
    NumberedAction,
    Received,
    Record,
    TypedAction,
    TypedEntry,
    TypedPromise,
    TypedWords,
)
from xlperf.ledger.records import ACCEPTED
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.returned_action import IssuedAction, ReturnedAction
from xlperf.returns.returned_promise import ReturnedPromise

K: FigureKey = ("V1", "TRUST", Q1)
NEXT: FigureKey = ("V1", "TRUST", Q3)


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
    TypedWords("S1", "TRUST", Q1, "“We know why” – Ŵ", "Director", "2026-07-20", "5.5 (Red)", "NORTH 8.0 (Red)",
               ("", "", ""), "master.xlsx (Ann)"),
    TypedWords("S1", "TRUST", Q1),
    Edition(Q1, {"a.xlsx": "00ff"}),
    TypedAction("A-0001", {"what": "Hire two", "due": ""}, {"what": "Hire one", "due": "2026-09-30"}, "m (Ŵ)"),
    NumberedAction("A-0001", "V1", "TRUST", "hire two nurses"),
    TypedEntry("", {"ref": "V1", "org": "TRUST", "kind": "Told", "who": "Chair"}, None, "master.xlsx (Ann)"),
    TypedEntry("MARK", {"ref": "V1", "note": ""}, {"ref": "V1", "note": "naïve"}, "master.xlsx (Bob)"),
    Drafted("decision", "V1", "TRUST", "2026-07-20T09:00:00+00:00", "returns/2026-27-Q1/notices/Decision V1.eml"),
    MeetingPack("audit", Q1, "Audit a", {"Audit a pack.pdf": "00ff"}),
    AcceptedCatalogue("cafe", "2026.2", "12ab", ("V1 Vacancies: 1 from Amber to Green; …",)),
    replace(issued(2, period=Q2), actions=(IssuedAction("A-0001", "V1", "TRUST", "hire"),), promises=(NEXT,)),
    replace(
        received("b", None, 2),
        actions=(ReturnedAction("A-0001", "V1", "TRUST", "hire", {"progress": "one\u2028two"}),),
        promises=(ReturnedPromise(*NEXT, 85.5, "Ŵ"), ReturnedPromise(*NEXT[:2], Q2, 0.1)),
    ),
    TypedAction("A-0001", {"owner": "Matron"}, {"owner": ""}, "master.xlsx (Kim)"),
    TypedAction("", {"what": "Write to the minister"}, None, "master.xlsx (Kim)"),
    NumberedAction("A-0002", "", "", "write to the minister"),
    TypedPromise(*NEXT, {"figure": "85.5"}, {"reason": "Board"}, "master.xlsx (Kim)"),
)  # fmt: skip
