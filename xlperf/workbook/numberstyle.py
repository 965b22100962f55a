"""What a number format shows of a number: the one reading of format codes, for returns, imports, and live workbooks.

A code has up to four sections, for positive and negative numbers, zero, and text; or sections with conditions of their
own. Which one applies depends on the number, so what the cell shows does too. Where what is shown is not the number (it
is hidden, scaled by thousands, put in words, or without its minus), nobody knows which of the two was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from xlperf.tables import Cell, CellKind, NumberStyle

_LONGEST_CODE = 1_000  # characters; Excel's end at 255

# The pieces of a code, in the order in which they are looked for.
_PIECES = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _.                                           # as much room as a character takes
    | \*(?P<fill>.)                                # a character that fills the cell
    | \[(?P<bracket>[^\]]*)\]?
    | (?P<general>General|G/[^\x00-\x7f]+)         # in the words of Chinese programs, too
    | (?P<exponent>E[+-][0#?]*)
    | (?P<date>AM/PM|A/P|[dmyhsbeg]+|aaa+)
    | (?P<digit>[0#?])
    | (?P<mark>[.,%/@;])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+(?:E[+-]?[0-9]+)?)", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(-.*)?", re.DOTALL)
_RED = re.compile("red|color ?3", re.IGNORECASE)

_PERCENT_SIGN = re.compile("[%٪﹪％]|per ?cent|pct", re.IGNORECASE)
# What is said after these is the unit's, as in "per 1,000 bed days".
_UNIT = re.compile(r"(\bper|\bof|/)\s*[\w.,']+", re.IGNORECASE)
_MAGNITUDE = re.compile(
    r"""
      (?<![^\W_]) (gbp|eur|usd)?
      ( k | m | mn | bn | tn | mil | mill | mio | mrd | thou | thous | thsd | tsd | tys
      | thousands? | millions? | billions? | mille | miliwn | biliwn | hundreds? | dozens? | lakh | crore
      | bps? | basis\ points? | ppm )
      (gbp|eur|usd)? (?![^\W_]|[²³])
    | [‰‱] | 00 | [\u00bc-\u00be\u2150-\u215e]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OUT_OF = re.compile(r"(\bin|\bout\s+of|/)\s*\d[\d.,]*\s*$", re.IGNORECASE)
"""As `9 in 10`, which is 90 %; what follows a rate, as in `per 1,000 bed days` or `/ 1,000 bed days`, is its unit."""
# What would be read as digits of the number, or as "about", "more than", "times ten".
_BEFORE_IS_NUMBER = re.compile(r"\d\s*[/×*:]?\s*$|[.,]$|[<>≤≥≠≈~]\s*$")
_AFTER_IS_NUMBER = re.compile(r"\s*[.,:]?\d|\s*e[+-]?\d|\s*[x×*·]\s*10|\s*[<>≤≥≠≈~+]\s*$", re.IGNORECASE)
_MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}", "▼", "▽", "↓")
_ZERO_IN_WORDS = frozenset({"-", "\N{MINUS SIGN}", "\N{EN DASH}", "\N{EM DASH}", "nil", "zero"})

_PERCENT_FORMATS = frozenset({9, 10, 67, 68})
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)})


@dataclass(frozen=True, slots=True)
class _Section:
    """What one section comes to. Sections that show a number alike are equal, however they are written."""

    style: NumberStyle
    """Of a number of which it shows digits."""
    condition: tuple[str, float] | None = None
    is_negative: bool = False
    """Whether it writes a minus, or brackets, itself."""
    is_red: bool = False
    has_fixed_digit: bool = True
    """Whether it shows a digit whatever the number: `#` shows nothing of 0."""
    decimals: int = 0
    """Where it shows digits only if there are some: how many; a percentage's are of the number itself."""
    shows_zero_in_words: bool = False

    def is_met(self, number: float) -> bool:
        """Whether its condition is met, if it has one."""
        sign, limit = self.condition or ("", 0.0)
        return {
            "<": number < limit,
            "<=": number <= limit,
            ">": number > limit,
            ">=": number >= limit,
            "=": number == limit,
            "<>": number != limit,
        }.get(sign, True)


@dataclass(frozen=True)
class NumberFormat:
    """What a number format shows. Formats that show every number alike are equal."""

    sections: tuple[_Section, ...]
    """Those for numbers; a section for text is not among them."""
    shows_text: bool = True
    """Whether it shows a text as it stands."""

    @cached_property
    def constant(self) -> NumberStyle | None:
        """The style of whatever number; None where it depends on the number."""
        section = self.sections[0]
        is_plain = len(self.sections) == 1 and section.condition is None and not section.is_negative
        is_settled = section.has_fixed_digit and section.style is not NumberStyle.SCALED
        return section.style if is_plain and is_settled else None

    @property
    def has_dates(self) -> bool:
        """Whether it shows some numbers as dates or times."""
        return any(section.style is NumberStyle.DATE for section in self.sections)

    def style_of(self, number: float) -> NumberStyle:
        """Say how it shows this number."""
        if self.constant is not None:
            return self.constant
        at = self._applying(number)
        if at is None:  # Excel fills the cell with ####
            return NumberStyle.OTHER
        section = self.sections[at]
        if section.style is NumberStyle.DATE:
            return NumberStyle.DATE
        if not section.has_fixed_digit and not round(abs(number), section.decimals):
            return NumberStyle.GENERAL if number == 0 and section.shows_zero_in_words else NumberStyle.OTHER
        if not self._shows_sign(number, at):
            return NumberStyle.OTHER
        return NumberStyle.GENERAL if number == 0 and section.style is NumberStyle.SCALED else section.style

    def _applying(self, number: float) -> int | None:
        """Which section applies, as in Excel; None where none does."""
        first, *others = self.sections
        if first.condition is not None:
            if first.is_met(number):
                return 0
        elif not others or number > 0 or (number == 0 and len(others) == 1):
            return 0
        if not others:
            return None
        if others[0].condition is not None:
            if others[0].is_met(number):
                return 1
        elif number < 0 or (len(others) == 1 and first.condition is not None):
            return 1
        return 2 if len(others) > 1 else None

    def _shows_sign(self, number: float, at: int) -> bool:
        """Whether a reader sees which sign the number has. The section for negative numbers has to show it itself.

        Programs differ over the minus where a condition chose the section, so there it has to as well.
        """
        section = self.sections[at]
        if number >= 0:
            return not section.is_negative
        is_left_to_section = at == 1 or (at == 0 and section.condition is not None)
        return (section.is_negative or section.is_red) if is_left_to_section else not section.is_negative


def styled(cell: Cell, number_format: NumberFormat) -> Cell:
    """The cell with how the format shows what stands in it."""
    style = NumberStyle.GENERAL
    if cell.kind is CellKind.NUMBER:
        style = number_format.style_of(float(cell.raw))
    elif cell.kind is CellKind.TEXT and not number_format.shows_text:
        style = NumberStyle.OTHER
    return cell if cell.style is style else replace(cell, style=style)


@lru_cache(maxsize=1_000)
def format_of_code(code: str) -> NumberFormat:
    """Read a number format code, such as `0.0%`."""
    if len(code) > _LONGEST_CODE:
        return _OTHER
    sections = _split(code)
    if len(sections) > 4:
        return _OTHER
    if len(sections) == 1 and all(kind == "bracket" for kind, _ in sections[0]):  # as `[Red]` alone, or nothing at all
        return _GENERAL
    shows_text = True
    if len(sections) == 4 or (len(sections) > 1 and _TEXT_MARK in sections[-1]):
        shows_text = _TEXT_MARK in sections.pop()
    return NumberFormat(tuple(map(_section, sections)), shows_text)


def format_of_built_in(number: int) -> NumberFormat:
    """Say what a built-in number format shows: every one of them shows numbers as they stand, or is one of these."""
    if number in _PERCENT_FORMATS:
        return _PERCENT
    return _DATE if number in _DATE_FORMATS else _GENERAL


_GENERAL, _PERCENT, _DATE, _OTHER = (
    NumberFormat((_Section(style),))
    for style in (NumberStyle.GENERAL, NumberStyle.PERCENT, NumberStyle.DATE, NumberStyle.OTHER)
)

_TEXT_MARK = ("mark", "@")
_Piece = tuple[str, str]
"""A piece of a code: its kind, as `_PIECES` names it, and its text. Texts that are shown are of kind "text"."""


def _split(code: str) -> list[list[_Piece]]:
    """Cut a code into its sections, each in pieces."""
    sections: list[list[_Piece]] = [[]]
    for match in _PIECES.finditer(code):
        kind, text = match.lastgroup or "", match[match.lastgroup] if match.lastgroup else ""
        if kind == "mark" and text == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "other"):
            sections[-1].append(("text", text))
        elif kind == "bracket" and (currency := _CURRENCY.fullmatch(text)):
            sections[-1].append(("text", currency[1]))
        elif kind == "bracket" and _ELAPSED.fullmatch(text):
            sections[-1].append(("date", text))
        elif kind:
            sections[-1].append((kind, text))
    return sections


def _section(pieces: list[_Piece]) -> _Section:
    brackets = [text for kind, text in pieces if kind == "bracket"]
    conditions = [match for text in brackets if (match := _CONDITION.fullmatch(text.strip()))]
    condition = (conditions[0][1], _number(conditions[0][2])) if conditions else None
    if any(kind == "date" for kind, _ in pieces):
        return _Section(NumberStyle.DATE, condition)
    shown = [piece for piece in pieces if piece[0] not in ("bracket", "fill")]
    places = [at for at, (kind, text) in enumerate(shown) if kind in ("digit", "general") or (kind, text) == _TEXT_MARK]
    if not places:
        words = "".join(text for _, text in shown).strip()
        return _Section(
            NumberStyle.OTHER, condition, has_fixed_digit=False, shows_zero_in_words=words.casefold() in _ZERO_IN_WORDS
        )
    before, among, after = shown[: places[0]], shown[places[0] : places[-1] + 1], shown[places[-1] + 1 :]
    prefix, suffix = _words(before), _words(after)
    percents = sum(piece == ("mark", "%") for piece in shown)
    is_odd = percents > 1 or _is_broken_up(among) or any(kind == "fill" and text.isdigit() for kind, text in pieces)
    digits = "".join(text for kind, text in among if kind == "digit" or text == ".")
    return _Section(
        NumberStyle.OTHER if is_odd else _style([*among, *after], prefix, suffix, is_percent=bool(percents)),
        condition,
        is_negative=prefix.rstrip("£$€¥ ").endswith(_MINUS)
        or ("(" in prefix and ")" in suffix)
        or suffix.strip() in _MINUS,
        is_red=any(_RED.fullmatch(text.strip()) for text in brackets),
        has_fixed_digit="0" in digits or not digits or ("mark", "/") in among,
        decimals=len(digits.partition(".")[2]) + 2 * bool(percents),
        shows_zero_in_words=prefix.strip().casefold() in _ZERO_IN_WORDS and not suffix.strip(),
    )


def _style(pieces: list[_Piece], prefix: str, suffix: str, *, is_percent: bool) -> NumberStyle:
    """Say how a section shows its digits, which `pieces` begin with, between what it writes before and after them."""
    words = f"{prefix} {suffix}"
    if _BEFORE_IS_NUMBER.search(prefix) or _AFTER_IS_NUMBER.match(suffix):
        return NumberStyle.OTHER
    if _is_scaled(pieces) or _OUT_OF.search(suffix) or _MAGNITUDE.search(_UNIT.sub(" ", words)):
        return NumberStyle.SCALED
    if is_percent:
        return NumberStyle.PERCENT
    return NumberStyle.PERCENT_SIGN if _PERCENT_SIGN.search(words) else NumberStyle.GENERAL


def _is_broken_up(among: list[_Piece]) -> bool:
    """Whether something stands between the digits, as in `00-00` or `0"."0`; a space parts thousands."""
    fraction = next((at for at, piece in enumerate(among) if piece == ("mark", "/")), len(among))
    points = sum(piece == ("mark", ".") for piece in among)
    return points > 1 or any(kind == "text" and text.strip() for kind, text in among[:fraction])


def _is_scaled(pieces: list[_Piece]) -> bool:
    """Whether a comma follows the last digit before the point, each of which takes away three digits."""
    in_decimals = is_after_digit = False
    for at, (kind, text) in enumerate(pieces):
        if (kind, text) == ("mark", ","):
            following = next((k for k, t in pieces[at + 1 :] if (k, t) != ("mark", ",")), "")
            if is_after_digit and (in_decimals or following != "digit"):
                return True
        else:
            in_decimals = in_decimals or (kind, text) == ("mark", ".")
            is_after_digit = is_after_digit or kind in ("digit", "general")
    return False


def _words(pieces: list[_Piece]) -> str:
    return "".join(text for kind, text in pieces if kind == "text")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
