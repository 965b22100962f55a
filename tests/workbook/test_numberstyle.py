"""What a number format shows of a number, against what stands on the screen in Excel."""

from __future__ import annotations

import re

import pytest

from xlperf.workbook.numberstyle import format_of_built_in, format_of_code

ACCOUNTING = '_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-;_-@_-'
SCREEN = """
    0.00%                                   .9      percent         90.00%
    0%;-0%;0                                .9      percent         90%
    0%;-0%;0                                -.9     percent         -90%
    0%;-0%;0                                0       general         0
    [<1]0%;0.0                              .9      percent         90%
    [<1]0%;0.0                              91.2    general         91.2
    [>1]0.0;0%                              .9      percent         90%
    [>1]0.0;0%                              95      general         95.0
    [=1]"Yes";[=0]"No";0                    1       other           Yes
    [=1]"Yes";[=0]"No";0                    7       general         7
    [<1]0%                                  5       other           ####
    [Color10]0.0%;[Red]0.0%                 -.5     percent         50.0% in red
    0.0"%"                                  .9      percent_sign    0.9%
    0.0\\%                                  .9      percent_sign    0.9%
    0.0[$%-809]                             .9      percent_sign    0.9%
    General"%"                              95      percent_sign    95%
    0.0" per cent"                          .9      percent_sign    0.9 per cent
    0_%                                     9       general         9
    0*%                                     9       general         9%%%%
    0%%                                     .9      other           9000%%
    %                                       .9      other           %
    0,                                      12345   scaled          12
    #,##0,,                                 1.2e7   scaled          12
    0.0,"k"                                 12345   scaled          12.3k
    £0.0"m"                                 12      scaled          £12.0m
    0" million"                             12      scaled          12 million
    0‰                                      9       scaled          9‰
    0,                                      0       general         0
    0.0" per 1,000 bed days"                5       general         5.0 per 1,000 bed days
    #,##0.00                                1234    general         1,234.00
    #\\ ##0                                 1234    general         1 234
    # ?/?                                   .5      general         1/2
    0.0E+00                                 95      general         9.5E+01
    General                                 95      general         95
    G/通用格式                              95      general         95
    @                                       95      general         95
    [Red]                                   95      general         95
    0" days"                                5       general         5 days
    [$£-809]#,##0                           5       general         £5
    [$-409]#,##0                            5       general         5
    dd/mm/yyyy;@                            45000   date            15/03/2023
    [$-409]mmm-yy                           45000   date            Mar-23
    [h]:mm                                  2       date            48:00
    h:mm\\ AM/PM                            .5      date            12:00 PM
    [<1]h:mm;0.0                            .5      date            12:00
    [<1]h:mm;0.0                            91.2    general         91.2
    ;;;                                     5       other           nothing
    ""                                      5       other           nothing
    0;-0;;@                                 0       other           nothing
    0;-0;;@                                 5       general         5
    #,###                                   0       other           nothing
    "n/a"                                   5       other           n/a
    0;-0;"n/a"                              0       other           n/a
    0;-0;"nil"                              0       general         nil
    0;0                                     -5      other           5
    0;[Red]0                                -5      general         5 in red
    -0                                      5       other           -5
    (0)                                     5       other           (5)
    #,##0_);(#,##0)                         -5      general         (5)
    ▲0.0;▼0.0                               -5      general         ▼5.0
    0"x10"                                  5       other           5x10
    0"00"                                   5       other           500
    0"."0                                   95      other           9.5
    00-00                                   1234    other           12-34
    "1"0                                    5       other           15
    "<"0                                    5       other           <5
"""


@pytest.mark.parametrize(
    ("code", "number", "style", "seen"),
    [re.split(r"\s{2,}", line.strip()) for line in SCREEN.strip().splitlines()]
    + [(ACCOUNTING, "0", "general", "-"), (ACCOUNTING, "-5", "general", "-5.00")]
    + [("", "5", "general", "5")]
    + [(code, "4.5", "date", "108") for code in ("[h]", "[hh]", "[mm]", "[s]", "[Red][h]")]
    + [(f'0.0"{unit}"', "4.5", "scaled", f"4.5{unit}") for unit in ("GBPm", "kGBP", " mill.", " Mio.", "½", " dozen")]
    + [(f'0"{unit}"', "9", "scaled", f"9{unit}") for unit in (" basis points", " in 10", " / 10", " out of 100")]
    + [('0" E3"', "9", "other", "9 E3")]
    + [
        (f'0.0"{unit}"', "4.5", "general", f"4.5{unit}") for unit in (" per 1,000 bed days", " / 1,000 bed days", " mm")
    ],
)
def test_a_number_is_what_the_section_that_applies_to_it_shows(code: str, number: str, style: str, seen: str) -> None:
    assert format_of_code(code).style_of(float(number)).name == style.upper(), f"the screen shows {seen}"


@pytest.mark.parametrize("code", ['"' * 3_001, "[" * 3_001, ";" * 900, "0" * 900, "\\", "*", "[<x]0;0", "[<1.2.3]0;0"])
def test_whatever_stands_in_a_code_it_is_read(code: str) -> None:
    for number in (-1.0, 0.0, 0.5, 2.0):
        format_of_code(code).style_of(number)


@pytest.mark.parametrize(
    ("number", "style"),
    [(0, "general"), (9, "percent"), (10, "percent"), (12, "general"), (17, "date"), (44, "general")],
)
def test_built_in_formats_have_no_code_in_the_file(number: int, style: str) -> None:
    assert format_of_built_in(number).style_of(-0.5) == style
