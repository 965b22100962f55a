"""The ledger judged once, as of a reporting period; every sheet, page and message takes its facts from here.

assessment  the whole of it
figures     the ledger's figures, as a frame
latest      how each KPI and org stands
escalation  proposals and decisions of escalation
attention   what needs action, what to celebrate
confidence  how far each figure can be relied on
"""

from xlperf.assessment.assessment import Assessment
from xlperf.assessment.escalation import day_of
from xlperf.assessment.figures import JudgedFigure, date_of, number_of
from xlperf.assessment.latest import Latest

__all__ = ["Assessment", "JudgedFigure", "Latest", "date_of", "day_of", "number_of"]
