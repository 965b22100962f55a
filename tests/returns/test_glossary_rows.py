"""The glossary of a return and of the master: what a cell of it can hold."""

from __future__ import annotations

from tests.conftest import Q1, catalogue_data, kpi_in
from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.returns.kpi_words import glossary_rows

A_CELL_HOLDS = 32_767


def test_a_kpi_of_ten_thousand_owners_names_some_and_counts_the_others() -> None:
    data = catalogue_data()
    owner = data["responsible_owners"][0]
    sites = [f"SITE{number}" for number in range(10_000)]
    data["responsible_owners"] += [
        {**owner, "id": each.lower(), "name": f"Team {each}", "email": f"{each}@example.org"} for each in sites
    ]
    data["orgs"] += [{"code": each, "name": each, "responsible_owner": each.lower()} for each in sites]
    kpi = kpi_in(data, "P1")
    del kpi["responsible_owner"]
    kpi["orgs"] = sites
    catalogue = Catalogue.model_validate(data)
    reports = catalogue.kpi_by_id["P1"]
    pairs = tuple((reports, catalogue.org_by_code[each]) for each in sites)
    (row,) = glossary_rows(catalogue, pairs, Period.parse(Q1, Frequency.QUARTERLY))
    assert row["Responsible owner"].startswith("Team SITE0; Team SITE1; ")
    assert row["Responsible owner"].endswith("; and 9,950 more")
    assert max(map(len, row.values())) < A_CELL_HOLDS
    assert row["Executive owner"] == "Director of Quality"
