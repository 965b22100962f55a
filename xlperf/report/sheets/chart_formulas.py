"""The formulas behind the master's chart: they look up the latest 36 periods of the series that a person has chosen.

They stand in the template and work in Excel 2016, in Excel for the web and in LibreOffice, so without dynamic arrays.
Three things shape them:

- A line that leaves out #N/A joins its neighbours, in Excel without a choice. So each run of figures is a line of its
  own, and a gap stays a gap.
- Target and limits belong to periods. Each is drawn level from halfway before a period to halfway after it, on an axis
  of dates, so that a change is a step.
- A collation writes tables only, so all is looked up by the headers of tables, and by dates, not by places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.report import layout
from xlperf.report.sheets import chart

POINTS = 36
RUNS = 6
"""Runs of figures, from the latest, that are drawn with a line; earlier ones are points without a line."""
PARTS = 2
"""Stretches of a limit or target, from the latest, that are drawn."""
FIRST_ROW = 4
"""Of the blocks; the row above has their headings."""
TABLE_ROW = 46
"""Of the headings of the table."""
PLOT_ROWS = 3 * POINTS
"""Each period has three: halfway from the one before, its end, and halfway to the next."""
KPI_CELL, ORG_CELL = "$B$3", "$B$4"
"""Where a person chooses."""

# The series chosen: labels in O, values in P.
_PLACE, _REF, _ORG, _MONTHS, _FIRST, _LAST, _ADDED, _KPI_AT, _KPI_ROWS = (f"$P${FIRST_ROW + n}" for n in range(9))
# The latest periods: one row each.
ENDS, _LIVE, _MIDDLE, _ROWS = "R", "S", "T", "U"
_FIGURE, _MEAN, _LOWER, _UPPER, _TARGET, _TARGET_TO = "V", "W", "X", "Y", "Z", "AA"
_CLASS, _RUN, _LIMIT_PART, _TARGET_PART = "AB", "AC", "AD", "AE"
DATES = "AG"
"""The dates of what is drawn; the columns of `drawn` stand right of it."""

_TABLES = (layout.DATA, layout.ROLL_UP_HISTORY)
_ANY_NUMBER = '">-1E+300"'
_CLASSES = ("special_cause_improvement", "special_cause_concern", "special_cause_neutral*")


def _of(header: str, at: str) -> str:
    return f"INDEX({layout.CHART}[{header}],{at})"


def _chosen(header: str, otherwise: str) -> str:
    return f"=IF({_PLACE}=0,{otherwise},{_of(header, _PLACE)})"


NOTHING = "Choose a KPI, and an organisation that reports it, from the lists in the two yellow cells."
CELLS: Mapping[str, str] = {
    KPI_CELL: f'={_of(chart.KPI_LIST, "1")}&""',
    ORG_CELL: f'=IFERROR({_of(chart.ORGANISATION, _KPI_AT)}&"","")',
    "B5": _chosen(chart.HEADLINE, f'"{NOTHING}"'),
    "B6": _chosen(chart.IN_WORDS, '""'),
    "B7": _chosen(chart.NOTE, '""') + '&""',
}
"""The cells that a reader sees. What stands in the first two until somebody chooses is the first KPI and its first
org."""


def chosen() -> Iterator[tuple[str, str]]:
    """What is known of the series chosen: words, and a formula."""
    kpi, org = f"{layout.CHART}[{chart.KPI}]", f"{layout.CHART}[{chart.ORGANISATION}]"
    numbered = f"(ROW({kpi})-ROW({layout.CHART}[[#Headers],[{chart.KPI}]]))"
    yield "Row of the table", f"=SUMPRODUCT(({kpi}={KPI_CELL})*({org}={ORG_CELL})*{numbered})"
    yield "Ref", _chosen("Ref", '"-"')
    yield "Org", _chosen("Org", '"-"')
    for header in (chart.MONTHS, chart.FIRST_ENDS, chart.LAST_ENDS, chart.ADDED):
        yield header, _chosen(header, "1")
    yield "First row of the KPI", f"=IFERROR(MATCH({KPI_CELL},{kpi},0),1)"
    yield "Rows of the KPI", f"=MAX(1,SUMPRODUCT(--({kpi}={KPI_CELL})))"


def names() -> Iterator[tuple[str, str]]:
    """The two lists, as names that a rule can use.

    They are told from the headings on, since a row of the table may move.
    """
    last_kpi = f'MAX(2,COUNTIF({_column("L")},"?*"))'
    yield "chart_kpis", f"={_listed('L', '2')}:{_listed('L', last_kpi)}"
    at, rows = f"Chart!{_KPI_AT}", f"Chart!{_KPI_ROWS}"
    yield "chart_orgs", f"={_listed('D', f'1+{at}')}:{_listed('D', f'{at}+{rows}')}"


def _column(letter: str) -> str:
    return f"Chart!${letter}${TABLE_ROW}:${letter}$20000"


def _listed(letter: str, place: str) -> str:
    return f"INDEX({_column(letter)},{place})"


def periods() -> Iterator[tuple[str, str, list[str]]]:
    """The block of the latest periods, the oldest first: column, heading, formulas."""
    rows = range(FIRST_ROW, FIRST_ROW + POINTS)
    before = f"EOMONTH({_FIRST},-{_MONTHS})"
    start = f"{before}+INT(({_FIRST}-{before})/2)"
    ends = [f"EOMONTH({_LAST},-{_MONTHS}*{FIRST_ROW + POINTS - 1 - row})" for row in rows]
    yield ENDS, "Period ends", [f"=IF({_LIVE}{row}=1,{end},{start})" for row, end in zip(rows, ends, strict=True)]
    yield _LIVE, "Is shown", [f"=IF(AND({_PLACE}>0,{end}>={_FIRST}),1,0)" for end in ends]
    yield (
        _MIDDLE,
        "Halfway to next",
        [
            f"=IF({_LIVE}{row}=1,{ENDS}{row}+INT((EOMONTH({ENDS}{row},{_MONTHS})-{ENDS}{row})/2),{ENDS}{row})"
            for row in rows
        ],
    )
    yield _ROWS, "Rows", [f"=IF({_LIVE}{row}=1,{_both('COUNTIFS', row)},0)" for row in rows]
    yield (
        _FIGURE,
        "Figure",
        [
            f"=IF({_ROWS}{row}=0,NA(),IF({_ADDED}=1,{_number('In the period', row)},{_number('Actual', row)}))"
            for row in rows
        ],
    )
    for column, header in ((_MEAN, "Mean"), (_LOWER, "Lower limit"), (_UPPER, "Upper limit")):
        yield column, header, [_level(column, _number(header, row), row) for row in rows]
    for column, header in ((_TARGET, "Target value"), (_TARGET_TO, "Target value to")):
        yield column, header, [_level(column, f"IF({_ADDED}=1,NA(),{_number(header, row)})", row) for row in rows]
    yield _CLASS, "Special cause", [
        f"=IF({_ROWS}{row}=0,0," + "+".join(
            f'{place}*({_both("COUNTIFS", row, "Point", _quoted(name))})' for place, name in enumerate(_CLASSES, 1)
        ) + ")"
        for row in rows
    ]  # fmt: skip
    for column, header, of in (
        (_RUN, "Run", _FIGURE), (_LIMIT_PART, "Part of limits", _MEAN), (_TARGET_PART, "Part of target", _TARGET)
    ):  # fmt: skip
        yield column, header, [_part(column, of, row, is_last=row == rows[-1]) for row in rows]


def _quoted(text: str) -> str:
    return f'"{text}"'


def _both(function: str, row: int, *more: str, of: str = "") -> str:
    """A count, or the sum of a column `of`, in the rows of the series and period, in either table."""
    header, criterion = more or ("", "")
    return "+".join(
        f"{function}({f'{table}[{of}],' if of else ''}{table}[Ref],{_REF},{table}[Org],{_ORG},"
        f"{table}[Period ends],{ENDS}{row}{f',{table}[{header}],{criterion}' if header else ''})"
        for table in _TABLES
    )


def _number(header: str, row: int) -> str:
    """A number of the series in the period; #N/A where it is blank."""
    return f"IF({_both('COUNTIFS', row, header, _ANY_NUMBER)}=0,NA(),{_both('SUMIFS', row, of=header)})"


def _level(column: str, number: str, row: int) -> str:
    """A limit or target; in a period without a row it goes on as it was."""
    before = f"{column}{row - 1}" if row > FIRST_ROW else "NA()"
    return f"=IF({_LIVE}{row}=0,NA(),IF({_ROWS}{row}=0,{before},{number}))"


def _part(column: str, of: str, row: int, *, is_last: bool) -> str:
    """The number of an unbroken run of numbers, counted from the latest."""
    if is_last:
        return f"=IF(ISNUMBER({of}{row}),1,0)"
    return f"={column}{row + 1}+IF(AND(ISNUMBER({of}{row}),NOT(ISNUMBER({of}{row + 1}))),1,0)"


def dates() -> Iterator[str]:
    """The dates of what is drawn."""
    before = f"EOMONTH({ENDS}{FIRST_ROW},-{_MONTHS})"
    yield f"=IF({_LIVE}{FIRST_ROW}=1,{before}+INT(({ENDS}{FIRST_ROW}-{before})/2),{ENDS}{FIRST_ROW})"
    for row in range(FIRST_ROW, FIRST_ROW + POINTS):
        yield f"={ENDS}{row}"
        yield f"={_MIDDLE}{row}"
        if row < FIRST_ROW + POINTS - 1:
            yield f"={_MIDDLE}{row}"


def drawn() -> Iterator[tuple[str, list[str | None]]]:
    """What is drawn, series by series: its name, and a formula or None for each date.

    Of one name the first is in the legend.
    """
    levels = (
        ("Process limits", _UPPER, _LIMIT_PART), ("Process limits", _LOWER, _LIMIT_PART),
        ("Mean", _MEAN, _LIMIT_PART), ("Target", _TARGET, _TARGET_PART), ("Target", _TARGET_TO, _TARGET_PART),
    )  # fmt: skip
    for name, column, part in levels:
        for number in range(1, PARTS + 1):
            yield name, [f"=IF({part}{row}={number},{column}{row},NA())" for row in _each_row() for _ in range(3)]
    for number in range(1, RUNS + 1):
        yield "Figure", _at_ends(f"{_RUN}{{row}}={number}")
    yield "Figure without a line", _at_ends(f"{_RUN}{{row}}>{RUNS}")
    for place, name in enumerate(
        ("Special cause: improvement", "Special cause: concern", "Special cause: no better direction"), 1
    ):
        yield name, _at_ends(f"{_CLASS}{{row}}={place}")


def _each_row() -> range:
    return range(FIRST_ROW, FIRST_ROW + POINTS)


def _at_ends(test: str) -> list[str | None]:
    """The figures for which a test holds, at the ends of their periods."""
    formulas: list[str | None] = []
    for row in _each_row():
        formulas += [None, f"=IF({test.format(row=row)},{_FIGURE}{row},NA())", None]
    return formulas
