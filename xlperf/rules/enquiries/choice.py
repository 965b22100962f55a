"""Which of the questions that could be asked are asked: the gravest, of different kinds, about different KPIs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xlperf.catalogue import Enquiries, EnquiryKind
from xlperf.rules.enquiries.enquiry import Enquiry

_KINDS = list(EnquiryKind)


def chosen(could_be: Iterable[Enquiry], settings: Enquiries) -> tuple[Enquiry, ...]:
    """The questions that are asked, the worst consequence first; the same for the same questions, in whatever order.

    About one KPI or other subject one is asked, and of a kind no more than `settings.of_a_kind`, so that a meeting does
    not hear one question seven times. Where that leaves fewer than `settings.fewest`, the gravest of the others are
    asked as well.
    """
    ordered = sorted((each for each in could_be if each.kind in settings.kinds), key=_order)
    asked: list[Enquiry] = []
    of_kind: Counter[EnquiryKind] = Counter()
    about: set[str] = set()
    for each in ordered:
        is_new = each.about[0] not in about and of_kind[each.kind] < settings.of_a_kind
        if is_new and len(asked) < settings.most:
            asked.append(each)
            of_kind[each.kind] += 1
            about.add(each.about[0])
    lacking = max(settings.fewest - len(asked), 0)
    asked += [each for each in ordered if each not in asked][:lacking]
    return tuple(sorted(asked, key=_order))


def _order(enquiry: Enquiry) -> tuple[object, ...]:
    return (enquiry.order, enquiry.place, _KINDS.index(enquiry.kind), enquiry.about)
