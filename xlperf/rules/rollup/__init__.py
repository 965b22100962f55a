"""Roll-up: the figures of several orgs, or of several periods, put together into one as the KPI says.

    tree      which reporting orgs an org is made of, in which period
    expected  in which periods of a span an org should have a figure
    exact     sums and means that are decimal, so that neither the order of rows nor a float decides a colour
    combine   one figure from several, by each of the methods
    orgs      up the organisation tree
    spans     the quarter and the year to date of a KPI
    overtime  months and quarters into those spans

`docs/method.md`, Roll-up, says in words what is done here.
"""

from xlperf.rules.rollup.orgs import roll_up_orgs
from xlperf.rules.rollup.overtime import roll_up_time
from xlperf.rules.rollup.tree import Trees, members
from xlperf.rules.target_in_force import is_phased, target_of

__all__ = ["Trees", "is_phased", "members", "roll_up_orgs", "roll_up_time", "target_of"]
