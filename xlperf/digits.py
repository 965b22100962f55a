"""The precision of every figure: 15 significant digits, which is what Excel shows and what it compares.

Excel stores `=0.8-0.1` as 0.7000000000000001, shows 0.7, and takes it as equal to 0.7. So a figure is what its owner
sees: it is brought to 15 digits wherever one comes in (a return, an import, a ledger written before this rule) and
wherever one is worked out (a percentage, a sum, a mean, a limit). Two decimals of 15 digits are the same exactly when
their floats are, and in the same order, so that after this floats may be compared as they are.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

SIGNIFICANT_DIGITS = 15

_FIFTEEN = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_UP)
_SHORT = SIGNIFICANT_DIGITS + 1
"""Characters that a number of at most 15 digits and a point takes."""


def fifteen(number: float | Decimal) -> float:
    """The number nearest to what Excel shows of it; infinity and NaN stay as they are."""
    if isinstance(number, Decimal):
        return float(_FIFTEEN.plus(number))
    number = float(number)  # not numpy's, whose repr says more than the number
    if len(repr(number)) <= _SHORT:
        return number
    return float(_FIFTEEN.create_decimal_from_float(number))


def written(number: float) -> str:
    """A figure in full, as a person writes it: `8`, `1000000.5`, `0.7`."""
    return f"{as_decimal(number).normalize() + 0:f}"


def as_decimal(number: float) -> Decimal:
    """A figure as the decimal that a person sees."""
    return Decimal(repr(fifteen(number)))
