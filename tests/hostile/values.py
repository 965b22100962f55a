"""Cells whose contents are not what Excel writes, or are not what they look like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.hostile.case import Case, read, refused
from tests.hostile.good import Return

_PI = "3.1415926535897932384626433832795028841971"
_NUMBERS = (
    "n/a", "1_000", "1,000", "NaN", "nan", "inf", "-INF", "Infinity", "1e999", "-1e400", "0x1F", "1.", ".5", "+-1",
    "--1", "1e", "1e+", "1 000", " 97", "97 ", "97%", "£97", "٩٧", "９７", "1d5", "1e5.5", "TRUE", "=1+1", "9" * 401,
    "1\n", "−5",
)  # fmt: skip
_CELLS = {
    "kind-unknown": '<c r="H7" t="x"><v>97</v></c>',
    "kind-empty": '<c r="H7" t=""><v>97</v></c>',
    "boolean-yes": '<c r="H7" t="b"><v>yes</v></c>',
    "boolean-two": '<c r="H7" t="b"><v>2</v></c>',
    "error-long": f'<c r="H7" t="e"><v>#{"A" * 500}!</v></c>',
    "error-markup": '<c r="H7" t="e"><v>&lt;script&gt;</v></c>',
    "error-empty": '<c r="H7" t="e"><v></v></c>',
    "two-values": '<c r="H7"><v>97</v><v>98</v></c>',
    "value-and-inline": '<c r="H7" t="inlineStr"><v>97</v><is><t>98</t></is></c>',
    "inline-without-kind": '<c r="H7"><is><t>97</t></is></c>',
    "element-in-value": '<c r="H7"><v>9<x/>7</v></c>',
    "style-wild": '<c r="H7" s="4294967295"><v>97</v></c>',
    "foreign-value": '<c r="H7"><x:v xmlns:x="urn:x">97</x:v></c>',
}
# Cell, what it must be read as.
_READ: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "error": ("H7", '<c r="H7" t="e"><v>#DIV/0!</v></c>', ("error", "#DIV/0!")),
    "error-formula": ("H7", '<c r="H7" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ("error", "#DIV/0!")),
    "uncalculated": ("H7", '<c r="H7"><f>1+1</f></c>', ("uncalculated", "")),
    "uncalculated-empty": ("H7", '<c r="H7"><f>1+1</f><v></v></c>', ("uncalculated", "")),
    "boolean": ("H7", '<c r="H7" t="b"><v>1</v></c>', ("boolean", "TRUE")),
    "na-text": ("H7", '<c r="H7" t="str"><v>n/a</v></c>', ("text", "n/a")),
    "null-text": ("H7", '<c r="H7" t="inlineStr"><is><t>NULL</t></is></c>', ("text", "NULL")),
    "none-text": ("H7", '<c r="H7" t="str"><v>None</v></c>', ("text", "None")),
    "number-text": ("H7", '<c r="H7" t="str"><v>1_000</v></c>', ("text", "1_000")),
    "blank": ("H7", '<c r="H7"/>', None),
    "blank-value": ("H7", '<c r="H7"><v/></c>', None),
    "seventeen-digits": ("H7", '<c r="H7"><v>0.30000000000000004</v></c>', ("number", "0.30000000000000004")),
    "zeros": ("H7", f'<c r="H7"><v>97.{"0" * 60}</v></c>', ("number", f"97.{'0' * 60}")),
    "exponent": ("H7", '<c r="H7"><v>9.7E+1</v></c>', ("number", "9.7E+1")),
    "exponent-small": ("H7", '<c r="H7"><v>1e-999</v></c>', ("number", "1e-999")),
    "date": ("H7", '<c r="H7" t="d"><v>2026-03-31</v></c>', ("text", "2026-03-31")),
    "controls": ("R7", '<c r="R7" t="str"><v>a_x0000__x0007__x001B_[31mb</v></c>', ("text", "a\0\x07\x1b[31mb")),
    "half-character": ("R7", '<c r="R7" t="str"><v>_xD83D_</v></c>', ("text", "\ufffd")),
    "right-to-left": ("R7", '<c r="R7" t="str"><v>&#x202E;xslx.exe</v></c>', ("text", "\u202exslx.exe")),
    "formula-text": ("R7", '<c r="R7" t="str"><v>=cmd|&apos;/c calc&apos;!A0</v></c>', ("text", "=cmd|'/c calc'!A0")),
    "formula-web": ("R7", '<c r="R7" t="str"><f>WEBSERVICE("http://x.example")</f><v>x</v></c>', ("text", "x")),
    "markup": ("R7", '<c r="R7" t="str"><v>&lt;a href="x"&gt;</v></c>', ("text", '<a href="x">')),
    "text-32767": ("R7", f'<c r="R7" t="str"><v>{"x" * 32_767}</v></c>', ("text", "x" * 32_767)),
    "emoji": ("R7", '<c r="R7" t="str"><v>&#x1F600;</v></c>', ("text", "\U0001f600")),
    "runs": ("R7", '<c r="R7" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', ("text", "ab")),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All of them."""
    for at, text in enumerate(_NUMBERS):
        why = f"{text[:20]!r} for a number"
        yield refused("F010", f"number-{at:02}", why, partial(_number, text))
    for name, xml in _CELLS.items():
        yield refused("F010", f"cell-{name}", xml[:60], partial(_cell, "H7", xml))
    for name, (ref, xml, cell) in _READ.items():
        yield read(f"value-{name}", xml[:60], partial(_cell, ref, xml), **{ref: cell})
    for digits in (_PI, "1234567890" * 4, "0.00000000012345678901234567890"):
        name = f"digits-{digits[:4]}-{len(digits)}"
        why = "more digits than Excel keeps"
        yield read(name, why, partial(_number, digits), "F016", H7=("number", digits))
    yield refused("F010", "header-twice", "two columns of the same name", lambda: _header("Actual"))
    yield read("header-renamed", "a column has another name", lambda: _header("Remarks"), T6=None)


def _number(text: str) -> bytes:
    return Return().number(text).zip()


def _cell(ref: str, xml: str) -> bytes:
    return Return().cell(ref, xml).zip()


def _header(text: str) -> bytes:
    return Return().cell("T6", f'<c r="T6" t="inlineStr"><is><t>{text}</t></is></c>').zip()
