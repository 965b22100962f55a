"""Documentation that can go stale is a test."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from xlperf.cli.app import app
from xlperf.findings import KINDS

ROOT = Path(__file__).parent.parent


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["findings.md", "limits.md", "columns.md", "kpi_catalogue.schema.json"])
def test_a_printed_document_is_what_the_code_prints(name: str) -> None:
    printed = tool("make_docs").documents()[name]
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == printed, "run python tools/make_docs.py"


def test_the_schema_knows_every_field_of_the_shipped_catalogues() -> None:
    schema = json.loads((ROOT / "docs" / "kpi_catalogue.schema.json").read_text(encoding="utf-8"))
    assert schema["additionalProperties"] is False
    assert {"kpis", "orgs", "calendar", "escalation"} <= set(schema["properties"])


def test_every_finding_the_code_makes_is_in_the_table_and_every_one_in_the_table_is_made() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "xlperf").rglob("*.py"))
    made = set(re.findall(r'"([FIRADCVW]\d{3})"', source.replace("KINDS: Mapping", "")))
    counted = {code: source.count(f'"{code}"') for code in KINDS}
    assert made == set(KINDS)
    assert [code for code, times in counted.items() if times < 2] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = getattr(get_command(app), "commands")  # noqa: B009
    assert [name for name in commands if f"xlperf {name}" not in readme] == []


def test_the_readme_and_ci_run_the_same_tests() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = '.venv/bin/pytest -m "not long" -n 3'
    assert command in readme
    assert command in ci
    assert ".venv/bin/pytest -m long -n 3" in ci  # nothing is left out there
    assert "tools/setup.sh" in readme
    assert "tools/setup.sh" in ci


def test_every_link_in_the_documents_leads_somewhere() -> None:
    ours = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    for path in [*ours, *(ROOT / "examples").rglob("README.md"), *(ROOT / "tests").rglob("README.md")]:
        for target in links(path):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_page_that_is_shipped_links_only_to_what_is_shipped_with_it() -> None:
    for path in (ROOT / "docs").rglob("*.md"):
        outside = [
            target for target in links(path) if not (path.parent / target).resolve().is_relative_to(ROOT / "docs")
        ]
        assert outside == [], path.name


def test_every_page_that_the_code_or_the_catalogues_name_is_there() -> None:
    sources = [*(ROOT / "xlperf").rglob("*.py"), ROOT / "kpi_catalogue.yaml", *(ROOT / "catalogues").glob("*.yaml")]
    named = {page for path in sources for page in re.findall(r"[\w-]+\.md\b", path.read_text(encoding="utf-8"))}
    assert "it-request.md" in named
    assert named - {path.name for path in (ROOT / "docs").iterdir()} - {"README.md"} == set()


def test_every_decision_is_a_numbered_dated_record_that_the_index_lists_with_its_status() -> None:
    index = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    listed = re.findall(r"(?m)^\| (\d+) \| \[(.+)\]\((decisions/\S+\.md)\) \| (\S+) \| (.+) \|$", index)
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [ROOT / "docs" / path for _, _, path, _, _ in listed] == records
    for number, title, path, date, status in listed:
        text = (ROOT / "docs" / path).read_text(encoding="utf-8")
        assert text.startswith(
            f"# {number}. {title}\n\n- Date: {date}\n- Status: {status.replace('decisions/', '')}\n"
        ), path
        assert number == str(int(Path(path).name[:4]))
        assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Decision", "Consequences"], path
    # A number may be left out: it is taken when work on a record begins, and not every record is finished first.
    numbers, dates = [int(number) for number, *_ in listed], [date for _, _, _, date, _ in listed]
    assert numbers == sorted(set(numbers))
    assert dates == sorted(dates)


def test_a_superseded_decision_and_the_one_in_its_place_name_each_other() -> None:
    index = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    status = dict(re.findall(r"(?m)^\| (\d+) \| .+ \| (.+) \|$", index))
    replaced = {(old, new) for old, said in status.items() for new in re.findall(r"superseded by \[(\d+)\]", said)}
    assert replaced
    assert replaced == {(old, new) for new, said in status.items() for old in re.findall(r"supersedes \[(\d+)\]", said)}


def test_every_path_that_a_decision_names_is_there() -> None:
    pages = [ROOT / "docs" / "decisions.md", *(ROOT / "docs" / "decisions").glob("*.md")]
    text = "".join(path.read_text(encoding="utf-8") for path in pages)
    named = set(re.findall(r"`((?:xlperf|tests|tools|benchmarks)/[\w/.-]+)`", text)) - {"xlperf/shipped/docs"}
    assert len(named) > 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def links(path: Path) -> list[str]:
    """What a document links to that is a file of ours."""
    return re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))


def test_every_room_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {p.stem for p in (ROOT / "xlperf").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert [room for room in sorted(rooms - {"__init__"}) if room not in readme] == []
