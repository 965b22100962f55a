"""The organisation: its orgs, its owners, and the sections, questions and aims that its KPIs serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from xlperf.catalogue.fields import Id, Model, Text, newer


class Section(Model):
    """A block of the dashboard: a quadrant, domain or goal."""

    id: Id
    name: Text


class Question(Model):
    """A key business question (KBQ)."""

    id: Id
    section: Id
    text: Text


class Aim(Model):
    """A strategic aim."""

    id: Id
    text: Text


class PlanObjective(Model):
    """An objective of the plan, to which milestones and other KPIs belong."""

    id: Id
    text: Text
    aim: Id | None = Field(None, description="The strategic aim that it serves.")


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The days on which an org is open, or reports a KPI, the first and the last included; open-ended where None."""

    first: date | None = None
    last: date | None = None

    @property
    def is_always(self) -> bool:
        """Whether there is no day on which it is not open."""
        return self.first is None and self.last is None

    @property
    def day_after(self) -> date | None:
        """The first day on which it is closed; None where it does not close."""
        return None if self.last in (None, date.max) else self.last + timedelta(days=1)

    def holds(self, day: date) -> bool:
        """Whether it is open on a day."""
        return not (self.begins_after(day) or self.ends_before(day))

    def begins_after(self, day: date) -> bool:
        """Whether it opens only after a day."""
        return self.first is not None and self.first > day

    def ends_before(self, day: date) -> bool:
        """Whether it has closed before a day."""
        return self.last is not None and self.last < day

    def within(self, other: OpenDays) -> OpenDays:
        """The days that are in both."""
        firsts = [each.first for each in (self, other) if each.first is not None]
        lasts = [each.last for each in (self, other) if each.last is not None]
        return OpenDays(max(firsts, default=None), min(lasts, default=None))


class Series(StrEnum):
    """Whether the figures of an org and of the one that takes over from it are one series."""

    SEPARATE = "separate"
    JOINED = "joined"


class Org(Model):
    """A node of the organisation tree, as in the NHS ODS."""

    code: Id
    name: Text
    parent: Id | None = None
    responsible_owner: Id | None = Field(
        None, description="Who returns this org's figures, unless the KPI names another."
    )
    weight: Decimal | None = Field(None, gt=0, description="Its weight in a weighted roll-up, such as its population.")
    open_from: date | None = newer(
        None, since="0.2.0", alias="from", description="The first day it is open; where empty, it has always been."
    )
    open_until: date | None = newer(
        None, since="0.2.0", alias="until", description="The last day it is open; where empty, it does not close."
    )
    succeeded_by: Id | None = newer(
        None, since="0.2.0", description="The org that takes over when it closes: by a merger, or under another parent."
    )
    series: Series = newer(
        Series.SEPARATE,
        since="0.2.0",
        description="Whether its series goes on in that of the org that takes over (joined), or ends with it "
        "(separate). Trend and SPC begin anew at the join, unless the KPI's 'comparable' names that org.",
    )

    executive_owner: Id | None = newer(
        None,
        since="0.2.0",
        description="Who answers for the figures that are rolled up to this org, where several executives answer for "
        "its parts, and neither the KPI nor its 'roll_up' names one.",
    )

    @property
    def open_days(self) -> OpenDays:
        """The days on which it is open."""
        return OpenDays(self.open_from, self.open_until)


class ExecutiveOwner(Model):
    """Who answers for KPIs: a role, not a person's name."""

    id: Id
    title: Text
    email: Text = ""


class ResponsibleOwner(Model):
    """The team that returns KPIs: a role, not a person's name."""

    id: Id
    name: Text
    directorate: Text = ""
    email: Text = ""
    executive_owner: Id


class Contact(Model):
    """The performance team, to whom returns are sent."""

    team: Text
    email: Text
