"""What must hold of the log of cases, whatever is typed into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlperf.rules.cases import EntryEvent, case_log
from xlperf.rules.cases.entry import CELLS, KIND, NOTE, REF
from xlperf.rules.cases.log import KEPT, mark_of
from xlperf.rules.cases.told import not_told

texts = st.sampled_from(["", "a", "b", "Told", "Progress", "2026-07-01"])
rows = st.fixed_dictionaries(dict.fromkeys(CELLS, texts)).filter(lambda row: bool(row[REF] and row[KIND]))


def added(row: dict[str, str]) -> EntryEvent:
    return EntryEvent("", {cell: text for cell, text in row.items() if text}, None, "master.xlsx (Ann)")


@given(st.lists(rows, max_size=8))
def test_every_row_that_was_added_is_in_the_log_once_in_its_order(typed: list[dict[str, str]]) -> None:
    log = case_log(map(added, typed))
    assert [entry.id for entry in log] == list(dict.fromkeys(map(mark_of, typed)))
    for row, entry in zip({mark_of(row): row for row in reversed(typed)}.values(), log[::-1], strict=False):
        assert mark_of(row) in {each.id for each in log}
        assert entry.cells[REF]


@given(rows, rows, rows)
def test_who_typed_without_seeing_a_change_changes_nothing_and_is_named(
    first: dict[str, str], second: dict[str, str], third: dict[str, str]
) -> None:
    """Two people type over the same row: of each cell the first change stands, the other is in dispute."""
    mark = mark_of(first)
    log = case_log([
        added(first), EntryEvent(mark, second, first, "one"), EntryEvent(mark, third, first, "other"),
    ])  # fmt: skip
    (entry,) = log
    disputed = {each.cell for each in entry.disputed}
    for cell in CELLS:
        wanted = second[cell] if second[cell] or cell not in KEPT else first[cell]
        theirs = third[cell] if third[cell] or cell not in KEPT else first[cell]
        if wanted != first[cell]:
            assert entry.cells[cell] == wanted
            assert (cell in disputed) == (theirs not in (first[cell], wanted))
        else:
            assert entry.cells[cell] == theirs


@given(rows)
def test_a_note_is_no_part_of_what_an_entry_is_known_by(row: dict[str, str]) -> None:
    assert mark_of(row) == mark_of({**row, NOTE: "another"})


def test_who_is_told_is_known_by_the_beginning_of_a_name() -> None:
    to_tell = ("Chair", "Board at its next meeting", "Finance and Performance Committee")
    assert not_told(to_tell, ["the Chair of the Board"]) == to_tell[1:]
    assert not_told(to_tell, ["Chair; Board"]) == to_tell[2:]
    assert not_told(to_tell, ["Finance and Performance Committee"]) == to_tell[:2]
    assert not_told(to_tell, ["Chairs of other trusts", ""]) == to_tell
