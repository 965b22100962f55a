"""How the cells of a field look, and what Excel lets be typed into them, by what the field holds."""

from __future__ import annotations

from datetime import date

from xlperf.returns import fields
from xlperf.returns.fields import Holds
from xlperf.rules.ratings import MILESTONES

LIKE = {
    Holds.TEXT: fields.COMMENTARY.header,
    Holds.NUMBER: fields.FORECAST.header,
    Holds.DATE: fields.ACTION_DUE.header,
    Holds.YES_NO: fields.PROVISIONAL.header,
    Holds.YES: fields.PROVISIONAL.header,
    Holds.STATUS: fields.MILESTONE.header,
}
"""The header whose format a newer column of the same type takes when a table grows, in the return and in *Data*."""

CHOICES = {Holds.STATUS: tuple(MILESTONES), Holds.YES: (fields.YES,), Holds.YES_NO: (fields.YES, fields.NO)}
"""The choices of fields with a list."""

REFUSALS = {
    **dict.fromkeys(CHOICES, "Choose from the list."),
    Holds.NUMBER: "Type one number.",
    Holds.DATE: "Type a date as day/month/year, such as 31/03/2027.",
}
"""Excel's message if something else is typed."""

EARLIEST, LATEST = date(2015, 1, 1), date(2099, 12, 31)
"""The range of dates that Excel accepts in a return."""
