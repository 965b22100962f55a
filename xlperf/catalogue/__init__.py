"""The catalogue: every KPI, organisation, owner, calendar and rule of one framework, in one reviewed YAML file."""

from xlperf.catalogue.coverage import Coverage, Subject
from xlperf.catalogue.enquiry_settings import Enquiries, EnquiryKind
from xlperf.catalogue.fields import Amount
from xlperf.catalogue.kpi import AcrossOrgs, Direction, Kind, Kpi, KpiOrg, OverTime, RollUp
from xlperf.catalogue.ladder import AnyStage, Escalation, SectionStage, Stage
from xlperf.catalogue.load import check_catalogue, load_catalogue
from xlperf.catalogue.measure import Measure, Restart
from xlperf.catalogue.meetings import Meeting, MeetingKind, Scope
from xlperf.catalogue.model import Catalogue, DueFigure, json_schema
from xlperf.catalogue.organisation import ExecutiveOwner, OpenDays, Org, Question, ResponsibleOwner, Section
from xlperf.catalogue.pack import PackPart, PackSettings
from xlperf.catalogue.policies import Policy, ReturnPolicies
from xlperf.catalogue.reporting import CalendarEntry
from xlperf.catalogue.targets import Target

__all__ = [
    "AcrossOrgs",
    "Amount",
    "AnyStage",
    "CalendarEntry",
    "Catalogue",
    "Coverage",
    "Direction",
    "DueFigure",
    "Enquiries",
    "EnquiryKind",
    "Escalation",
    "ExecutiveOwner",
    "Kind",
    "Kpi",
    "KpiOrg",
    "Measure",
    "Meeting",
    "MeetingKind",
    "OpenDays",
    "Org",
    "OverTime",
    "PackPart",
    "PackSettings",
    "Policy",
    "Question",
    "ResponsibleOwner",
    "Restart",
    "ReturnPolicies",
    "RollUp",
    "Scope",
    "Section",
    "SectionStage",
    "Stage",
    "Subject",
    "Target",
    "check_catalogue",
    "json_schema",
    "load_catalogue",
]
