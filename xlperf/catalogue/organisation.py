"""The organisation: its orgs, its owners, and the sections, questions and aims that its KPIs serve."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from xlperf.catalogue.fields import Id, Model, Text


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


class Org(Model):
    """A node of the organisation tree, as in the NHS ODS."""

    code: Id
    name: Text
    parent: Id | None = None
    responsible_owner: Id | None = Field(
        None, description="Who returns this org's figures, unless the KPI names another."
    )
    weight: Decimal | None = Field(None, gt=0, description="Its weight in a weighted roll-up, such as its population.")


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
