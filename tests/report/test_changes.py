"""What has changed since an edition: each kind of change, worked out by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Q4, kpi_in
from tests.workflow.test_lists import GREEN, NA, RED, TRUST, V1, Book, figure, only, rows_of, shown
from xlperf.assessment import Assessment
from xlperf.assessment.changes_since import changes
from xlperf.assessment.shown_editions import EditionShown, last_before
from xlperf.catalogue import Catalogue
from xlperf.ledger import Decision, Edition
from xlperf.report import layout
from xlperf.report.change_words import COMPARED, NO_EDITION, NOTHING, ChangeRow, since, since_last
from xlperf.report.dashboard_heading import summary
from xlperf.report.views import master_tables

AMBER = 87.0


class History(Book):
    """A book of which an edition was published."""

    def series(self, kpi: str, org: str, figures: Mapping[str, float | str | None]) -> History:
        super().series(kpi, org, figures)
        return self

    def decide(self, stage: str, on: str = "", kpi: str = V1, org: str = TRUST, **more: Any) -> History:
        super().decide(stage, on, kpi, org, **more)
        return self

    def publish(self, period: str) -> History:
        self._run(Edition(period, {f"{period} edition.xlsx": "0" * 64}))
        self.shown = copy.deepcopy(self.data)
        return self

    def since_edition(self, period: str, produced: str = "2027-02-01") -> Assessment:
        """The assessment now, with the last edition and the catalogue of that day."""
        now = self.assessment(period, produced)
        last = last_before(now.state, now.period)
        assert last is not None
        return replace(now, last_shown=EditionShown(last[1], last[0], Catalogue.model_validate(self.shown)))


def told(assessment: Assessment, ref: str = V1) -> list[tuple[str, str, str, str, str]]:
    return [(row.kind, row.org, row.period, row.before, row.now) for row in since_last(assessment) if row.ref == ref]


def edition_of(q1: float | str | None) -> History:
    book = History()
    book.series("L1", TRUST, {Q1: 8.0})
    return book.series(V1, TRUST, {Q1: q1}).publish(Q1)


@pytest.mark.parametrize(
    ("before", "now", "kind", "words"),
    [
        (GREEN, RED, "Newly Red", ("Green in Q1 26-27 (95.0)", "Red in Q2 26-27 (50.0)")),
        (AMBER, RED, "Newly Red", ("Amber in Q1 26-27 (87.0)", "Red in Q2 26-27 (50.0)")),
        (None, RED, "Newly Red", ("Not returned", "Red in Q2 26-27 (50.0)")),
        (GREEN, AMBER, "Newly off target", ("Green in Q1 26-27 (95.0)", "Amber in Q2 26-27 (87.0)")),
        (RED, AMBER, "No longer Red", ("Red in Q1 26-27 (50.0)", "Amber in Q2 26-27 (87.0)")),
        (RED, GREEN, "Newly on target", ("Red in Q1 26-27 (50.0)", "Green in Q2 26-27 (95.0)")),
        (RED, None, "No figure now", ("Red in Q1 26-27 (50.0)", "Not returned, was Red")),
        (GREEN, NA, "No figure now", ("Green in Q1 26-27 (95.0)", "Not applicable")),
        (None, GREEN, "Figure now", ("Not returned", "Green in Q2 26-27 (95.0)")),
        (NA, RED, "Newly Red", ("Not applicable", "Red in Q2 26-27 (50.0)")),
    ],
)
def test_how_a_kpi_stands_is_told_against_how_the_edition_showed_it(
    before: float | None, now: float | None, kind: str, words: tuple[str, str]
) -> None:
    book = edition_of(before).series(V1, TRUST, {Q2: now})
    assert told(book.since_edition(Q2)) == [(kind, TRUST, Q2, *words)]


@pytest.mark.parametrize("same", [RED, AMBER, GREEN])
def test_what_stands_as_it_stood_is_no_change(same: float) -> None:
    assert told(edition_of(same).series(V1, TRUST, {Q2: same}).since_edition(Q2)) == []


def test_a_red_that_comes_back_red_after_a_period_without_a_figure_is_a_figure_and_not_newly_red() -> None:
    book = History().series(V1, TRUST, {Q4: RED}).publish(Q1).series(V1, TRUST, {Q2: RED})
    assert [row[0] for row in told(book.since_edition(Q2))] == ["Figure now"]


def test_before_the_deadline_nothing_has_gone_that_has_not_come_yet() -> None:
    assert told(edition_of(GREEN).since_edition(Q2, produced="2026-10-10")) == []


def test_a_figure_that_the_edition_showed_and_that_was_changed_is_restated_with_both_values() -> None:
    book = edition_of(RED).series(V1, TRUST, {Q1: GREEN, Q2: GREEN})
    rows = told(book.since_edition(Q2))
    assert ("Restated", TRUST, Q1, "Red (50.0)", "Green (95.0)") in rows
    again = since(EditionShown(Edition(Q2, {"x.xlsx": ""}, "2026-11-01T00:00:00Z"), "9", None), book.assessment(Q2))
    assert [row.kind for row in again] == [COMPARED, NOTHING]


def test_what_restated_means_in_data_and_in_changes_is_read_from_the_same_ledger() -> None:
    """The figure as published, which marks *Data*, is the figure of the state that Changes compares with."""
    book = edition_of(RED).series(V1, TRUST, {Q1: GREEN})
    state = book.assessment(Q2).state
    run, edition = state.published[0]
    shown = EditionShown(edition, run, None).state(state)
    published = {key: each.published for key, each in state.figures.items() if each.published}
    assert published == {key: shown.figures[key].now for key in published}
    assert (V1, TRUST, Q1) in published


def test_a_figure_that_came_after_the_edition_of_its_period_is_named() -> None:
    book = edition_of(None).series(V1, TRUST, {Q4: GREEN, Q1: GREEN, Q2: GREEN})
    rows = told(book.since_edition(Q2))
    assert ("Figure now", TRUST, Q1, "", "2 figures, Q4 25-26 to Q1 26-27; the last Green (95.0)") in rows


def test_a_past_figure_in_another_colour_by_the_catalogue_alone_is_said() -> None:
    book = edition_of(AMBER).series(V1, TRUST, {Q2: AMBER})
    kpi_in(book.data, V1)["targets"] = [{"from": "2024-25", "target": 80}]
    rows = told(book.since_edition(Q2))
    assert ("Past colour changed", TRUST, Q1, "Amber (87.0)", "Green (87.0)") in rows
    assert ("Target changed", "", Q1, "90.0, tolerance 5", "80.0, no tolerance") in rows
    assert ("Newly on target", TRUST, Q2, "Amber in Q1 26-27 (87.0)", "Green in Q2 26-27 (87.0)") in rows


def test_a_step_of_the_target_is_a_change_though_the_catalogue_is_the_same() -> None:
    book = History()
    kpi_in(book.data, V1)["targets"] += [{"from": Q2, "target": 94, "tolerance": {"absolute": 5}}]
    book.series(V1, TRUST, {Q1: GREEN}).publish(Q1).series(V1, TRUST, {Q2: GREEN})
    assert told(book.since_edition(Q2)) == [("Target changed", "", Q2, "90.0 for Q1 26-27", "94.0")]


def _halves(*targets: int) -> list[dict[str, Any]]:
    starts = [f"{year}-H{half}" for year in ("2024-25", "2025-26", "2026-27") for half in (1, 2)]
    return [{"from": start, "target": target} for start, target in zip(starts, targets, strict=False)]


@pytest.mark.parametrize(
    ("targets", "changed"),
    [
        (_halves(60, 98, 60, 98, 60, 98), []),
        (_halves(55, 98, 60, 98, 65, 98), [("Target changed", "", "2026-27-H1", "60.0 for H1 25-26", "65.0")]),
        ([{"from": "2024-25-H1", "target": 90}, {"from": "2025-26-H2", "target": 95},
          {"from": "2026-27-H1", "target": 90}],
         [("Target changed", "", "2026-27-H1", "95.0 for H2 25-26", "90.0")]),
    ],
)  # fmt: skip
def test_the_target_of_a_phase_of_the_year_is_compared_with_that_of_the_same_phase(
    targets: list[dict[str, Any]], changed: list[tuple[str, ...]]
) -> None:
    book = History()
    kpi_in(book.data, V1).update(frequency="half-yearly", targets=targets)
    book.series(V1, TRUST, {"2025-26-H2": GREEN}).publish(Q1).series(V1, TRUST, {"2026-27-H1": GREEN})
    assert [each for each in told(book.since_edition(Q2)) if each[0] == "Target changed"] == changed


def test_a_definition_changed_in_the_catalogue_or_declared_in_a_return_is_said() -> None:
    book = edition_of(GREEN)
    kpi_in(book.data, V1)["definition"] = "Reviews held within a week."
    declared = replace(figure(V1, TRUST, Q2, GREEN), changed=True, what_changed="now without agency staff")
    book.figures(declared)
    rows = told(book.since_edition(Q2))
    assert ("Definition changed", "", "", "Reviews held by their due date.", "Reviews held within a week.") in rows
    assert ("Definition changed", TRUST, Q2, "", "now without agency staff") in rows
    kpi, declared_in = [row.words for row in since_last(book.since_edition(Q2)) if row.kind == "Definition changed"]
    assert kpi == (
        "Reviews held on time is counted otherwise: Reviews held within a week; before: Reviews held by their due date."
    )
    assert declared_in.endswith("from Q2 26-27 on: now without agency staff (declared in the return).")


def test_an_org_that_has_closed_is_said_to_be_closed_and_counts_as_off_target_no_more() -> None:
    book = edition_of(RED)
    kpi_in(book.data, V1)["orgs"] = [{"org": TRUST, "until": "2026-08-31"}]
    assessment = book.since_edition(Q2)
    assert ("Closed", TRUST, "", "Red in Q1 26-27 (50.0)", "Closed") in told(assessment)
    (words,) = [row.words for row in since_last(assessment) if row.kind == "Closed"]
    assert words == "Reviews held on time: reported until 31 August 2026; last shown: Red in Q1 26-27 (50.0)."
    tables = shown(assessment)
    assert assessment.counts.off_target == 0
    assert only(tables, layout.KPIS)["RAG"] == "Closed"
    assert not rows_of(tables, layout.EXCEPTIONS, V1)
    assert "were Red" not in summary(assessment)
    assert "was Red" not in summary(assessment)


def test_what_the_figure_measures_is_part_of_the_definition() -> None:
    book = edition_of(GREEN)
    kpi_in(book.data, V1).update(measure="rolling", over_months=12)
    assert (
        "Definition changed",
        "",
        "",
        "measure: period; over months: none",
        "measure: rolling; over months: 12",
    ) in told(book.since_edition(Q2))


def test_a_decision_is_told_with_the_one_before_it_and_who_made_it() -> None:
    book = History().series(V1, TRUST, {Q4: RED, Q1: RED}).decide("Enhanced", "2026-07-20").publish(Q1)
    assert told(book.since_edition(Q1)) == []
    book.decide("Targeted", "2026-10-20")
    (row,) = [row for row in since_last(book.since_edition(Q1)) if row.ref]
    assert (row.kind, row.before, row.now) == ("Decided", "Enhanced", "Targeted")
    assert row.words == ("Reviews held on time: decided Targeted (by Chief Executive on 2026-10-20); before: Enhanced.")
    book.decide("")
    (row,) = [row for row in since_last(book.since_edition(Q1)) if row.ref]
    assert row.now == "no stage typed"
    assert row.words.startswith("Reviews held on time: a decision was typed without a stage (by Chief Executive)")
    book._run(Decision(V1, TRUST, "", "", ""))
    (row,) = [row for row in since_last(book.since_edition(Q1)) if row.ref]
    assert (row.now, row.words) == (
        "taken back",
        "Reviews held on time: the decision was taken back; before: Enhanced.",
    )


def _without_v1(data: dict[str, Any]) -> None:
    data["kpis"] = [kpi for kpi in data["kpis"] if kpi["id"] != V1]


def _retired(data: dict[str, Any]) -> None:
    kpi_in(data, V1)["retired_after"] = Q1


@pytest.mark.parametrize(("change", "why"), [(_without_v1, "not in the catalogue"), (_retired, f"retired after {Q1}")])
def test_a_kpi_that_is_no_longer_reported_is_said(change: Callable[[dict[str, Any]], None], why: str) -> None:
    book = edition_of(RED)
    change(book.data)
    (row,) = [row for row in since_last(book.since_edition(Q2)) if row.ref == V1]
    assert row.words == f"Reviews held on time is no longer reported ({why})."


def test_a_kpi_that_is_new_is_said_with_its_first_figure() -> None:
    book = edition_of(None).series(V1, TRUST, {Q2: RED})
    _without_v1(book.shown)
    assert told(book.since_edition(Q2)) == [
        ("Newly Red", TRUST, Q2, "", "Red in Q2 26-27 (50.0)"), ("New", "", "", "", "")
    ]  # fmt: skip


def test_an_org_that_reports_it_no_more_and_one_that_is_new_are_said_once() -> None:
    book = History()
    book.series("S1", "NORTH", {Q1: 2.0}).series("S1", "SOUTH", {Q1: 2.0}).publish(Q1)
    book.data["orgs"] += [{"code": "EAST", "name": "East site", "parent": "TRUST"}]
    kpi_in(book.data, "S1")["orgs"] = ["NORTH", "EAST"]
    rows = [row for row in since_last(book.since_edition(Q2)) if row.kind in ("New", "No longer reported")]
    assert [(row.kind, row.ref, row.org) for row in rows] == [("New", "", "EAST"), ("No longer reported", "", "SOUTH")]


def test_the_gravest_stand_first_and_each_change_is_known_by_words_that_are_no_prose() -> None:
    book = History()
    book.series(V1, TRUST, {Q1: GREEN}).series("L1", TRUST, {Q1: 20.0}).series("C1", TRUST, {Q1: 7.0}).publish(Q1)
    book.series("L1", TRUST, {Q2: 8.0}).series("C1", TRUST, {Q2: 11.0}).series(V1, TRUST, {Q2: RED})
    rows = master_tables(book.since_edition(Q2), [])[layout.CHANGES]
    of_figures = [(row["What changed"], row["Ref"]) for row in rows if row["Ref"] in (V1, "L1", "C1")]
    assert of_figures == [("Newly Red", V1), ("Newly off target", "C1"), ("Newly on target", "L1")]
    keys = [(row["What changed"], row["Ref"], row["Org"], row["Period"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_without_an_edition_the_sheet_says_so() -> None:
    (row,) = since_last(Book().series(V1, TRUST, {Q1: RED}).assessment(Q1))
    assert row.kind == NO_EDITION
    assert "has been published" in row.words


def test_an_edition_of_a_later_period_is_not_the_last_before_an_earlier_one() -> None:
    book = History().series(V1, TRUST, {Q1: RED}).publish(Q1).publish(Q2)
    state = book.assessment(Q1).state
    assert [last_before(state, book.assessment(of).period)[1].period for of in (Q1, Q2)] == [Q1, Q2]  # type: ignore[index]
    assert last_before(state, book.assessment(Q4).period) is None


def test_an_edition_whose_catalogue_is_lost_is_judged_by_the_present_one_and_that_is_said() -> None:
    now = edition_of(GREEN).series(V1, TRUST, {Q2: RED}).since_edition(Q2)
    assert now.last_shown is not None
    rows = since(replace(now.last_shown, catalogue=None), now)
    assert "the catalogue of that edition is lost" in rows[0].words
    assert "Newly Red" in {row.kind for row in rows}


def test_two_editions_are_compared_like_an_edition_and_now() -> None:
    book = edition_of(GREEN).series(V1, TRUST, {Q2: RED})
    then, now = book.assessment(Q1, "2026-09-01"), book.assessment(Q2)
    assert [each.kind for each in changes(then, now) if each.ref == V1] == ["Newly Red"]
    assert changes(then, then) == ()


def test_every_row_is_a_sentence() -> None:
    book = edition_of(GREEN).series(V1, TRUST, {Q2: RED})
    rows: list[ChangeRow] = since_last(book.since_edition(Q2))
    assert all(row.words.endswith(".") and "{" not in row.words for row in rows)


def test_a_restatement_of_the_parts_alone_is_said_with_them() -> None:
    book = History()
    book.figures(replace(figure("P1", TRUST, Q1, 95.0), numerator=19, denominator=20))
    book.publish(Q1)
    book.series("P1", TRUST, {Q1: 95.0})
    assert told(book.since_edition(Q1), "P1") == [
        ("Restated", TRUST, Q1, "Green (95.0: 19 of 20)", "Green (95.0: 95 of 100)")
    ]


def test_a_roll_up_that_gains_an_org_says_how_many_were_in_it() -> None:
    book = History()
    kpi_in(book.data, "S1")["roll_up"] = {"orgs": "parts"}
    book.series("S1", "NORTH", {Q1: 2.0}).publish(Q1).series("S1", "SOUTH", {Q1: 4.0})
    (row,) = [row for row in since_last(book.since_edition(Q1)) if (row.kind, row.org) == ("Restated", TRUST)]
    assert "1 of 2 parts then, 2 of 2 parts now" in row.words


def test_an_org_that_takes_over_a_joined_series_is_told_against_the_one_before() -> None:
    book = History()
    book.data["orgs"] += [{"code": "NEW", "name": "New site", "parent": TRUST, "from": "2026-07-01"}]
    kpi_in(book.data, V1)["orgs"] = ["NORTH", "NEW"]
    book.series(V1, "NORTH", {Q1: RED}).publish(Q1)
    next(org for org in book.data["orgs"] if org["code"] == "NORTH").update(
        until="2026-06-30", succeeded_by="NEW", series="joined"
    )
    book.series(V1, "NEW", {Q2: RED})
    assert [row[:2] for row in told(book.since_edition(Q2))] == [("Closed", "NORTH")]
    book.series(V1, "NEW", {Q2: GREEN})
    rows = told(book.since_edition(Q2))
    assert ("Newly on target", "NEW", Q2, "NORTH: Red in Q1 26-27 (50.0)", "Green in Q2 26-27 (95.0)") in rows


def test_past_figures_in_another_colour_are_gathered_by_kpi_and_org_with_how_many_and_from_when() -> None:
    book = History().series(V1, TRUST, {Q4: AMBER, Q1: RED, Q2: GREEN}).publish(Q2)
    kpi_in(book.data, V1)["direction"] = "lower"
    (row,) = [row for row in since_last(book.since_edition(Q2)) if row.kind == "Past colour changed"]
    assert (row.org, row.period, row.before) == (TRUST, Q2, "")
    assert (
        row.now == "1 from Amber to Green, 1 from Red to Green, 1 from Green to Amber; 3 figures, Q4 25-26 to Q2 26-27"
    )
    assert row.words == f"Reviews held on time has the same figures in another colour: {row.now}."


def test_a_restated_roll_up_of_as_many_orgs_as_before_says_nothing_of_orgs() -> None:
    book = History()
    kpi_in(book.data, "S1")["roll_up"] = {"orgs": "parts"}
    book.series("S1", "NORTH", {Q1: 2.0}).series("S1", "SOUTH", {Q1: 4.0}).publish(Q1)
    book.series("S1", "SOUTH", {Q1: 6.0})
    (row,) = [row for row in since_last(book.since_edition(Q1)) if (row.kind, row.org) == ("Restated", TRUST)]
    assert "orgs" not in row.words


def test_a_figure_without_a_target_is_not_called_a_colour() -> None:
    book = History()
    kpi_in(book.data, V1).update(targets=[], no_target_because="to be agreed")
    book.series(V1, TRUST, {Q1: RED}).publish(Q1).series(V1, TRUST, {Q1: GREEN})
    (row,) = [row for row in since_last(book.since_edition(Q1)) if row.kind == "Restated"]
    assert row.words == "Reviews held on time, Q1 26-27, is now 95.0, no target; before: 50.0, no target."


def test_a_sum_that_lacks_an_org_has_no_complete_figure() -> None:
    book = History()
    kpi_in(book.data, "C1").update(
        orgs=["NORTH", "SOUTH"], roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 50}]}
    )
    for org in ("NORTH", "SOUTH"):
        book.series("C1", org, {Q1: 7.0})
    book.publish(Q1).series("C1", "NORTH", {Q2: 7.0})
    (row,) = [row for row in since_last(book.since_edition(Q2)) if (row.ref, row.org) == ("C1", TRUST)]
    assert (row.kind, row.now) == ("No figure now", "1 of 2 parts")
    assert "has no complete figure for Q2 26-27: 1 of 2 parts; last shown: Green in Q1 26-27 (14)" in row.words


def test_a_special_cause_that_the_edition_did_not_show_is_a_change() -> None:
    quarters = [f"{year}-{year - 1999}-Q{quarter}" for year in range(2022, 2026) for quarter in (1, 2, 3, 4)]
    figures = (96.0, 94.0, 97.0, 95.0, 96.0, 94.0, 95.0, 97.0, 96.0, 95.0, 94.0, 96.0, 95.0, 96.0, 95.0, 94.0)
    steady = dict(zip(quarters, figures, strict=True))
    for last, kind, words in (
        (70.0, "Newly concerning", "special cause of concern, Red in Q1 26-27 (70.0)"),
        (110.0, "Newly improving", "special cause of improvement, Green in Q1 26-27 (110.0)"),
    ):
        book = History().series(V1, TRUST, steady).publish(Q4).series(V1, TRUST, {Q1: last})
        (row,) = [row for row in since_last(book.since_edition(Q1)) if "(SPC)" in row.words]
        assert (row.kind, row.now) == (kind, words)
        assert row.before == "no special cause, Green in Q4 25-26 (94.0)"
        assert row.words.startswith(f"Reviews held on time is {kind[0].lower()}{kind[1:]} (SPC): ")
        book.publish(Q1)
        assert not [row for row in since_last(book.since_edition(Q1)) if "(SPC)" in row.words]
    unchanged = History().series(V1, TRUST, steady).publish(Q4).series(V1, TRUST, {Q1: 95.0})
    assert not [row for row in since_last(unchanged.since_edition(Q1)) if "(SPC)" in row.words]


def test_a_roll_up_that_is_on_target_without_every_part_is_a_change_of_its_own() -> None:
    """It stands at Amber still, so it is not newly on target; but it has another colour, and no other row says so."""
    book = History()
    kpi_in(book.data, "S1")["roll_up"] = {"orgs": "parts"}
    book.series("S1", "NORTH", {Q1: 4.5, Q2: 3.0}).series("S1", "SOUTH", {Q1: 4.5}).publish(Q1)
    rows = {row.org: row for row in since_last(book.since_edition(Q2)) if row.ref == "S1"}
    assert rows[TRUST].kind == "On target without every part"
    assert (rows[TRUST].before, rows[TRUST].now) == ("Amber in Q1 26-27 (4.5)", "Green in Q2 26-27 (3.0, 1 of 2 parts)")
    assert rows["NORTH"].kind == "Newly on target"
