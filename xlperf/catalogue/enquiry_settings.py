"""Lines of enquiry: which questions the rules raise for a meeting, how many, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from string import Formatter

from pydantic import Field, model_validator

from xlperf.catalogue.fields import Model, Text


class EnquiryKind(StrEnum):
    """What a line of enquiry rests on; of two about equally grave subjects, the kind that stands first comes first."""

    PROCESS = "process"
    """The process as it stands will miss its target."""
    CAUSE = "cause"
    """The same cause was given again and again."""
    ACTION = "action"
    """An action is overdue, or was put off twice or more."""
    FORECAST = "forecast"
    """On target now, and forecast to miss at the year end."""
    CONCERN = "concern"
    """On target, with a special cause of concern."""
    FALL = "fall"
    """On target, after a fall beyond what its figures had shown before."""
    COMPARED = "compared"
    """Off target, and the worst of the organisations that report the same KPI."""
    LAST = "last"
    """An organisation is last on several KPIs."""
    SILENCE = "silence"
    """Not returned in two reporting periods running, or more."""
    VALIDATION = "validation"
    """Returned without having been validated, twice running or more."""
    PROVISIONAL = "provisional"
    """Provisional, twice running or more."""
    DEFINITION = "definition"
    """Its definition has changed in this reporting period."""

    @property
    def words(self) -> str:
        """The question that is asked unless the catalogue words it otherwise."""
        return _WORDS[self]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names that stand in braces in its words, for what differs from one subject to another."""
        return (*_ALWAYS, *_OWN.get(self, ()))


_ALWAYS = ("about", "ref", "kpi", "org", "section", "period")
"""Of every kind: the subject as pages name it, its ref, the KPI alone, the org, the section, the reporting period."""
_OWN: Mapping[EnquiryKind, tuple[str, ...]] = {
    EnquiryKind.CAUSE: ("cause", "times"),
    EnquiryKind.ACTION: ("action",),
    EnquiryKind.FORECAST: ("forecast",),
    EnquiryKind.COMPARED: ("rank",),
    EnquiryKind.SILENCE: ("owner", "times"),
    EnquiryKind.VALIDATION: ("times",),
    EnquiryKind.PROVISIONAL: ("times",),
}
_WORDS: Mapping[EnquiryKind, str] = {
    EnquiryKind.PROCESS: "What would have to change in the process behind {about} for it to meet its target?",
    EnquiryKind.CAUSE: "What has been learnt about the cause given for {about}, and what would remove it?",
    EnquiryKind.ACTION: "What stands in the way of action {action} on {about}, and what would let it be completed?",
    EnquiryKind.FORECAST: "What would keep {about} on target up to the year end?",
    EnquiryKind.CONCERN: "What has changed in the process behind {about}, while it is still on target?",
    EnquiryKind.FALL: "What lies behind the latest figure of {about}, while it is still on target?",
    EnquiryKind.COMPARED: "What is done differently where the figures for {kpi} are best, and what could be learnt "
    "from it in {org}?",
    EnquiryKind.LAST: "What do the indicators on which {org} stands last have in common, and what would help?",
    EnquiryKind.SILENCE: "What would help to have {about} returned in time?",
    EnquiryKind.VALIDATION: "What would allow {about} to be validated before the return is sent?",
    EnquiryKind.PROVISIONAL: "What keeps {about} provisional, and when will its figures be final?",
    EnquiryKind.DEFINITION: "What can be learnt from {about} under its new definition, and from when can its figures "
    "be compared?",
}


class Enquiries(Model):
    """Lines of enquiry: open questions about a process that the rules raise for a meeting, each with its evidence."""

    kinds: tuple[EnquiryKind, ...] = Field(
        tuple(EnquiryKind), description="What questions may rest on; with an empty list, none are raised."
    )
    fewest: int = Field(
        3, ge=0, le=20, description="So many are asked as far as there are so many, of whatever kind they are."
    )
    most: int = Field(7, ge=1, le=20, description="No more than so many are asked, the worst consequence first.")
    of_a_kind: int = Field(
        2, ge=1, le=20, description="No more than so many rest on the same kind of evidence, and one is about one KPI."
    )
    same_cause: int = Field(
        3, ge=2, le=24, description="A cause is asked about once it was given so many times running."
    )
    undiscussed_for: int = Field(
        8, ge=2, le=60,
        description="A KPI that was on target for so many periods running, without an action, decision or enquiry "
        "about it, is named in About and by `xlperf status`.",
    )  # fmt: skip
    wording: Mapping[EnquiryKind, Text] = Field(
        default_factory=dict,
        description="By kind, other words than those that are shipped. Names in braces stand for what differs: "
        "{about}, {ref}, {kpi}, {org}, {section}, {period} in all; {cause} and {times} in cause; {action} in action; "
        "{forecast} in forecast; {rank} in compared; {owner} and {times} in silence; {times} in "
        "validation and provisional.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Enquiries:
        if self.fewest > self.most:
            raise ValueError(f"'fewest' ({self.fewest}) is more than 'most' ({self.most})")
        return self

    def words_for(self, kind: EnquiryKind) -> str:
        """The words of a kind's question, with its placeholders."""
        return self.wording.get(kind, "") or kind.words


def wording_faults(kind: EnquiryKind, template: str) -> Iterator[str]:
    """What is wrong with the wording of a kind, in words; none where it can be used."""
    try:
        parts = [*Formatter().parse(template)]
    except ValueError as error:
        yield f"its braces do not fit together ({error})"
        return
    for _, name, shape, conversion in parts:
        if name is None:
            continue
        if name not in kind.placeholders or shape or conversion:
            yield f"'{{{name}}}' is no name that it may have; it may have {', '.join(kind.placeholders)}"
    if not template.rstrip().endswith("?"):
        yield "it is no question: it does not end with a question mark"
