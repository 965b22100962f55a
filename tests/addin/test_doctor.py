"""The doctor: what it says of a desktop. The registry of Windows is given to it as plain data."""

from __future__ import annotations

import re
import sys
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

import pytest

import xlperf
from tests.conftest import Team
from xlperf.desktop import windows_policies as desktop
from xlperf.desktop.doctor import PACKAGES, _python, doctor
from xlperf.desktop.install import ADDIN, install
from xlperf.desktop.windows import Value
from xlperf.desktop.windows_policies import Check
from xlperf.workflow.workspace import Workspace, shipped

USER = r"HKCU\Software\Microsoft\Office\16.0"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
LOCATIONS = r"Excel\Security\Trusted Locations"
XLSTART = r"C:\Users\Ann\AppData\Roaming\Microsoft\Excel\XLSTART"
RULE = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"


class Registry:
    """A registry with these values; keys and names are found in whatever case, as on Windows."""

    def __init__(self, values: Mapping[tuple[str, str], Value]) -> None:
        self._values = {(key.casefold(), name.casefold()): value for (key, name), value in values.items()}

    def read(self, key: str, name: str) -> Value:
        return self._values.get((key.casefold(), name.casefold()))

    def keys(self, key: str) -> tuple[str, ...]:
        start = key.casefold() + "\\"
        below = [each[len(start) :] for each, _ in self._values if each.startswith(start)]
        return tuple(dict.fromkeys(each.partition("\\")[0] for each in below))


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


# ---- Excel and its policies -----------------------------------------------------------------------------------------


def test_excel_is_found_with_its_width() -> None:
    registry = Registry(
        {
            (r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", ""): r"C:\Office\EXCEL.EXE",
            (r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "Platform"): "x86",
        }
    )
    check = desktop.excel(registry.read)
    assert check.ok
    assert check.what == r"C:\Office\EXCEL.EXE, 32-bit"


def test_no_excel_is_a_fault_with_a_remedy() -> None:
    check = desktop.excel(Registry({}).read)
    assert check.ok is False
    assert "Install" in check.remedy


@pytest.mark.parametrize(
    ("values", "ok"),
    [
        ({(rf"{USER}\{LOCATIONS}\Location1", "Path"): XLSTART.upper() + "\\"}, True),
        (
            {
                (rf"{USER}\{LOCATIONS}\Location1", "Path"): r"C:\Users\Ann\AppData\Roaming\Microsoft",
                (rf"{USER}\{LOCATIONS}\Location1", "AllowSubFolders"): 1,
            },
            True,
        ),
        ({(rf"{USER}\{LOCATIONS}\Location1", "Path"): r"C:\Users\Ann\AppData\Roaming\Microsoft"}, False),
        ({(rf"{USER}\{LOCATIONS}\Location1", "Path"): r"C:\elsewhere"}, False),
        (
            {
                (rf"{USER}\{LOCATIONS}\Location1", "Path"): XLSTART,
                (rf"{POLICY}\{LOCATIONS}", "AllLocationsDisabled"): 1,
            },
            False,
        ),
        (
            {
                (rf"{USER}\{LOCATIONS}\Location1", "Path"): XLSTART,
                (rf"{POLICY}\{LOCATIONS}\Location0", "Path"): r"C:\approved",
                (rf"{POLICY}\Common\Security\Trusted Locations", "Allow User Locations"): 0,
            },
            False,
        ),
        ({}, None),
    ],
)
def test_whether_the_startup_folder_is_trusted(values: Mapping[tuple[str, str], Value], ok: bool | None) -> None:
    registry = Registry(values)
    assert desktop.trusted_location(registry.read, registry.keys, XLSTART).ok is ok


NETWORK = r"\\fileserver\home$\ann\AppData\Roaming\Microsoft\Excel\XLSTART"
LISTED = {(rf"{USER}\{LOCATIONS}\Location1", "Path"): r"%APPDATA%\Microsoft\Excel\XLSTART"}


@pytest.mark.parametrize(
    ("by_person", "by_policy", "ok"),
    [
        (None, None, False),  # as it is unless somebody allows it
        (0, None, False),
        (1, None, True),
        (1, 0, False),
        (0, 1, True),
        (None, 1, True),
    ],
)
@pytest.mark.parametrize("roaming", [r"\\fileserver\home$\ann", r"\\?\UNC\fileserver\home$\ann", "H:", r"H:\Roaming"])
def test_a_startup_folder_on_the_network_is_trusted_only_where_that_is_allowed(
    roaming: str, by_person: int | None, by_policy: int | None, ok: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPDATA", roaming)
    registry = Registry(
        {
            **LISTED,
            (rf"{USER}\{LOCATIONS}", "AllowNetworkLocations"): by_person,
            (rf"{POLICY}\{LOCATIONS}", "AllowNetworkLocations"): by_policy,
            (r"HKCU\Network\H", "RemotePath"): r"\\fileserver\home$\ann",
        }
    )
    folder = rf"{roaming}\Microsoft\Excel\XLSTART"
    check = desktop.trusted_location(registry.read, registry.keys, folder)
    assert check.ok is ok
    assert "network" in check.what
    assert folder in check.what
    if not ok:
        assert "xlperf collate" in check.remedy, "there is always the other door"
        assert ("policy" in check.what) is (by_policy == 0)
        assert ('tick "Allow Trusted Locations on my network"' in check.remedy) is (by_policy is None)


def test_a_drive_that_windows_knows_to_be_a_share_is_the_network() -> None:
    registry = Registry({(rf"{USER}\{LOCATIONS}\Location1", "Path"): r"H:\Excel\XLSTART"})

    def trusted(share: str) -> bool | None:
        return desktop.trusted_location(
            registry.read, registry.keys, r"H:\Excel\XLSTART", lambda root: root.casefold() == share
        ).ok

    assert trusted("h:\\") is False
    assert trusted("p:\\") is True


def test_a_folder_of_this_computer_is_not_the_network() -> None:
    for folder in (XLSTART, rf"\\?\{XLSTART}", rf"\\.\{XLSTART}", XLSTART.replace("\\", "/")):
        registry = Registry({(rf"{USER}\{LOCATIONS}\Location1", "Path"): folder})
        assert desktop.trusted_location(registry.read, registry.keys, folder).ok, folder


def test_on_the_network_no_list_is_no_comfort_and_a_list_without_it_is_named() -> None:
    for values in ({}, {(rf"{USER}\{LOCATIONS}\Location1", "Path"): XLSTART}):
        registry = Registry(values)
        assert desktop.trusted_location(registry.read, registry.keys, NETWORK).ok is False
        allowed = Registry({**values, (rf"{USER}\{LOCATIONS}", "AllowNetworkLocations"): 1})
        assert desktop.trusted_location(allowed.read, allowed.keys, NETWORK).ok is (False if values else None)


@pytest.mark.parametrize(
    ("values", "trusted", "ok"),
    [
        ({}, True, True),
        ({}, None, True),
        ({(rf"{POLICY}\Excel\Security", "VBAWarnings"): 4}, True, True),  # trusted locations are exempt
        ({(rf"{POLICY}\Excel\Security", "VBAWarnings"): 4}, False, False),
        ({(rf"{POLICY}\Excel\Security", "VBAWarnings"): 3}, None, None),
        ({(rf"{USER}\Excel\Security", "VBAWarnings"): 3}, False, False),
        ({(rf"{POLICY}\Excel\Security", "VBAWarnings"): 2}, False, True),
        ({(rf"{POLICY}\Common", "VBAOff"): 1}, True, False),
        ({(rf"{POLICY}\Common\Security", "RequireAlwaysOnMacroSig"): 1}, True, False),
    ],
)
def test_whether_macros_run(values: Mapping[tuple[str, str], Value], trusted: bool | None, ok: bool | None) -> None:
    check = desktop.macros(Registry(values).read, is_trusted=trusted)
    assert check.ok is ok
    assert ("xlperf collate" in check.remedy) is (ok is False)


@pytest.mark.parametrize("name", ["DisableAllAddins", "RequireAddinSig"])
@pytest.mark.parametrize("root", [POLICY, USER])
def test_a_policy_against_unsigned_add_ins_is_named(root: str, name: str) -> None:
    assert desktop.add_ins(Registry({}).read).ok
    check = desktop.add_ins(Registry({(rf"{root}\Excel\Security", name): 1}).read)
    assert check.ok is False
    assert "xlperf collate --live" in check.remedy


@pytest.mark.parametrize(
    ("values", "ok"),
    [
        ({(rf"{ASR}\Windows Defender Exploit Guard\ASR\Rules", RULE): "1"}, False),
        ({(rf"{ASR}\Windows Defender Exploit Guard\ASR\Rules", RULE.lower()): 1}, False),
        ({(rf"{ASR}\Windows Defender Exploit Guard\ASR\Rules", RULE): "2"}, True),
        ({(rf"{ASR}\Windows Defender Exploit Guard\ASR\Rules", RULE): "0"}, True),
        ({(rf"{ASR}\Windows Defender Exploit Guard\ASR\Rules", RULE): "6"}, None),
        ({(rf"{ASR}\Policy Manager", "ASRRules"): f"26190899-1602-49e8-8b27-eb1d0a1ce869=0|{RULE.lower()}=1"}, False),
        ({(rf"{ASR}\Policy Manager", "ASRRules"): "26190899-1602-49e8-8b27-eb1d0a1ce869=1"}, None),
        ({}, None),
    ],
)
def test_whether_excel_may_start_programs(values: Mapping[tuple[str, str], Value], ok: bool | None) -> None:
    check = desktop.child_processes(Registry(values).read)
    assert check.ok is ok
    if ok is not True:
        assert "xlperf collate" in check.remedy, "there is always the other door"


def test_the_page_for_the_it_department_is_named_where_it_lies() -> None:
    remedy = desktop.macros(Registry({(rf"{POLICY}\Common", "VBAOff"): 1}).read, is_trusted=True).remedy
    (page,) = re.findall(r"\((.+?) says for what\)", remedy)
    assert Path(page).is_absolute()
    assert "# For the IT department" in Path(page).read_text(encoding="utf-8")


def test_an_installation_without_its_documents_is_named_and_still_gives_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlperf, "__file__", str(tmp_path / "xlperf" / "__init__.py"))
    (tmp_path / "docs").mkdir()  # another package's, beside it
    checks = by_name(doctor(None))
    assert checks["Documents"].ok is False
    assert "it-request.md" in checks["Documents"].what
    assert "install it again" in checks["Documents"].what
    remedy = desktop.macros(Registry({(rf"{POLICY}\Common", "VBAOff"): 1}).read, is_trusted=True).remedy
    assert "it-request.md" in remedy
    assert "xlperf collate" in remedy


# ---- where the workspace is -----------------------------------------------------------------------------------------


def test_synced_folders_are_known_from_the_environment_and_from_onedrive() -> None:
    registry = Registry(
        {(r"HKCU\Software\SyncEngines\Providers\OneDrive\ab12", "MountPoint"): r"C:\Users\Ann\Trust\Perf"}
    )
    environment = {"OneDrive": r"C:\Users\Ann\OneDrive", "OneDriveCommercial": r"C:\Users\Ann\OneDrive"}
    found = desktop.synced_folders(registry.read, registry.keys, environment)
    assert found == (r"C:\Users\Ann\OneDrive", r"C:\Users\Ann\Trust\Perf")


@pytest.mark.parametrize(
    ("workspace", "ok", "said"),
    [
        (r"P:\performance", True, r"P:\performance"),
        (r"c:\users\ann\trust\perf\2026-27", True, "OneDrive"),
        (r"C:\Users\Ann\Trust\Performance", True, r"C:\Users\Ann\Trust\Performance"),
        ("/Users/ann/Library/CloudStorage/OneDrive-Trust/perf", True, "OneDrive"),
        ("https://trust.sharepoint.com/sites/perf", False, "an address on the web"),
    ],
)
def test_what_is_said_of_the_workspace_s_place(workspace: str, ok: bool, said: str) -> None:
    check = desktop.place(workspace, (r"C:\Users\Ann\Trust\Perf",))
    assert check.ok is ok
    assert said in check.what


@pytest.mark.parametrize(("length", "ok"), [(218, True), (219, False), (300, False)])
def test_a_path_longer_than_excel_opens_is_named(length: int, ok: bool) -> None:
    path = "P:\\" + "x" * (length - 3)
    check = desktop.path_lengths(path, None)
    assert check.ok is ok
    assert (path in check.what) is not ok


# ---- the whole ------------------------------------------------------------------------------------------------------


def test_a_workspace_in_order_has_nothing_wrong(issued_team: Team, tmp_path: Path) -> None:
    install(issued_team.workspace, xlstart=tmp_path / "XLSTART")
    checks = doctor(issued_team.root, xlstart=tmp_path / "XLSTART")
    found = by_name(checks)
    parser = found.pop("Parser of returns")  # which is this Python's, and may be old
    assert [str(check) for check in found.values() if check.ok is False] == []
    assert parser.ok is (expat.version_info >= (2, 7, 2))
    assert parser.ok or "update Python" in parser.remedy
    assert found["Versions"].what == f"add-in and xlperf are both {xlperf.__version__}"
    assert found["Ledger"].what.startswith("1 runs")
    for name in ("Python", "Packages", "Add-in", "Startup folder", "Catalogue", "Workspace", "Returns folder"):
        assert found[name].ok, name


def test_the_hash_that_an_it_department_compares_is_the_same_of_every_copy(
    workspace: Workspace, tmp_path: Path
) -> None:
    install(workspace, xlstart=tmp_path / "XLSTART")
    found = by_name(doctor(None, xlstart=tmp_path / "XLSTART"))
    (code,) = re.findall(r"macros and ribbon (\w{64})", found["Add-in"].what)
    assert found["Add-in as shipped"].what.endswith(code)


@pytest.mark.parametrize("workspace", [Path("/nowhere"), Path("https://trust.sharepoint.com/perf"), None])
def test_whatever_it_is_given_it_answers(workspace: Path | None, tmp_path: Path) -> None:
    checks = by_name(doctor(workspace, xlstart=tmp_path / "no XLSTART"))
    assert checks["Workspace"].ok is (None if workspace is None else False)
    assert checks["Workspace"].remedy
    assert checks["Startup folder"].ok is False


def test_an_add_in_of_another_version_is_named(workspace: Workspace, tmp_path: Path) -> None:
    from xlperf.workbook.file import FileWorkbook

    install(workspace, xlstart=tmp_path)
    book = FileWorkbook.open(tmp_path / ADDIN)
    book.write_name("version", "0.0.1")
    book.save(tmp_path / ADDIN)
    checks = by_name(doctor(None, xlstart=tmp_path))
    assert checks["Versions"].ok is False
    assert "0.0.1" in checks["Versions"].what
    assert "xlperf addin install" in checks["Versions"].remedy
    assert checks["Add-in"].ok is False, "its settings were changed by hand, too"


def test_a_strange_file_in_the_startup_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / ADDIN).write_bytes(b"PK")
    check = by_name(doctor(None, xlstart=tmp_path))["Add-in"]
    assert check.ok is False
    assert "is not ours" in check.what


def test_an_add_in_whose_python_has_gone_is_named(workspace: Workspace, tmp_path: Path) -> None:
    python = tmp_path / "pythonw.exe"
    python.touch()
    install(workspace, xlstart=tmp_path, python=python)
    python.unlink()
    check = by_name(doctor(None, xlstart=tmp_path))["Its Python"]
    assert check.ok is False
    assert str(python) in check.what


def test_an_add_in_whose_python_cannot_load_xlperf_is_named(workspace: Workspace, tmp_path: Path) -> None:
    """Its buttons would end without a word."""
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False)
    python = bare / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install(workspace, xlstart=tmp_path, python=python)
    check = by_name(doctor(None, xlstart=tmp_path))["Its Python"]
    assert check.ok is False
    assert str(python) in check.what
    assert "pip install" in check.remedy


def test_a_broken_catalogue_and_a_broken_ledger_are_named(issued_team: Team) -> None:
    (issued_team.root / "kpi_catalogue.yaml").write_text("framework: [")
    (run,) = (issued_team.root / "ledger" / "runs").iterdir()
    run.write_text("{")
    checks = by_name(doctor(issued_team.root))
    assert checks["Catalogue"].ok is False
    assert "xlperf check" in checks["Catalogue"].remedy
    assert checks["Ledger"].ok is False
    assert "backup" in checks["Ledger"].remedy


def test_a_check_reads_as_a_line_and_its_remedy() -> None:
    assert str(Check("Excel", False, "is not installed", "Install it")) == (
        "NOT OK   Excel: is not installed\n         Install it"
    )
    assert str(Check("Excel", None, "not known")) == "unknown  Excel: not known"


def test_a_python_newer_than_any_we_know_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    project = tomllib.loads((shipped("macros").parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = re.fullmatch(r">=(\d)\.(\d+)", project["requires-python"])
    assert oldest, "every newer Python may install it"
    for version, ok in (((int(oldest[1]), int(oldest[2])), True), ((3, 99), True), ((4, 0), True), ((3, 10), False)):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "version_info", (*version, 0, "final", 0))
            looked = by_name(list(_python()))
        assert looked["Python"].ok is ok, version


def test_the_packages_it_looks_for_are_those_that_xlperf_needs() -> None:
    project = tomllib.loads((shipped("macros").parent / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {re.split(r"[>=<;]", line)[0].strip() for line in project["project"]["dependencies"]}
    assert needed == {*PACKAGES, "xlwings"}
