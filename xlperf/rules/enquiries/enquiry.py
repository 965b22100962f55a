"""A line of enquiry that a rule raises: about what, on which evidence, and how grave that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlperf.catalogue import EnquiryKind
from xlperf.rules.consequence import Order
from xlperf.rules.keys import SeriesKey

Evidence = Mapping[str, str | int | tuple[str, ...] | tuple[SeriesKey, ...]]
"""What is true, by name: counts, keys of periods, texts that an owner gave, words that a page has too."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One question that could be asked.

    Attributes:
        kind: what it rests on.
        about: (KPI id, section or other subject, org).
        evidence: what is true of it; which names there are hangs on the kind.
        order: how grave its subject is, as among the exceptions (see `rules.consequence`); the least comes first.
        place: the place of its subject among those as grave, so that the order is the same each time.
    """

    kind: EnquiryKind
    about: SeriesKey
    evidence: Evidence
    order: Order = field(default=())
    place: int = 0
