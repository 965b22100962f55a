"""`macros/xlperf.xlam` is what `macros/` says, sound, and does nothing that would alarm an IT department."""

from __future__ import annotations

import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator

import xlperf
from tools.addin.assemble import assemble, build
from xlperf.desktop.addin_file import read_settings
from xlperf.errors import UsageError, WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.xmlsplice import Element, parse
from xlperf.workbook.xmltree import local
from xlperf.workflow.workspace import shipped

MACROS = shipped("macros")
BUILT = MACROS / "xlperf.xlam"
MODULES = {path.stem: path.read_text(encoding="ascii") for path in sorted(MACROS.glob("*.bas"))}
LABELS = [
    "Generate returns",
    "Collate",
    "Open returns folder",
    "Who has returned",
    "Chase",
    "Publish PDF",
    "Packs",
    "Help",
]


@pytest.fixture(scope="module")
def buttons() -> list[Element]:
    return [e for e in parse((MACROS / "ribbon.xml").read_bytes(), "ribbon.xml") if e.local == "button"]


@pytest.fixture
def scanner() -> Iterator[Any]:
    """oletools, with which mail gateways and IT departments look into macros."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own, of a library that it uses
        parser = import_module("oletools.olevba").VBA_Parser(str(BUILT))
        yield parser
        parser.close()


def code_of(module: str) -> str:
    """A module without its comments."""
    return "\n".join(line for line in MODULES[module].splitlines() if not line.lstrip().startswith("'"))


def test_the_built_file_is_what_the_macros_make(tmp_path: Path) -> None:
    again = build(tmp_path / "again.xlam")
    assert again.read_bytes() == BUILT.read_bytes(), "macros/ has changed: build it again with 'xlperf addin build'"


def test_it_is_of_the_version_of_the_package() -> None:
    assert read_settings(BUILT).version == xlperf.__version__


def test_the_built_file_names_no_interpreter_and_no_workspace() -> None:
    settings = read_settings(BUILT)
    assert (settings.python, settings.workspace, settings.last_command) == ("", "", "")


def test_it_is_small_and_carries_no_clock() -> None:
    assert BUILT.stat().st_size < 40_000
    with zipfile.ZipFile(BUILT) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_its_modules_can_be_read_by_those_who_inspect_macros(scanner: Any) -> None:
    found = {Path(name).stem: code.replace("\r\n", "\n") for _, _, name, code in scanner.extract_macros()}
    code = {name: text for name, text in found.items() if name in MODULES}
    assert code == MODULES
    others = {name: re.sub(r"^Attribute .*$", "", text, flags=re.MULTILINE).strip() for name, text in found.items()}
    assert {name for name, text in others.items() if text} == set(MODULES), "only our modules hold code"


def test_what_a_scanner_says_of_it_is_that_it_starts_one_program(scanner: Any) -> None:
    said = {(kind, keyword) for kind, keyword, _ in scanner.analyze_macros()}
    assert not {keyword for kind, keyword in said if kind == "AutoExec"}, "nothing may run by itself"
    suspicious = {keyword.casefold() for kind, keyword in said if kind == "Suspicious"}
    words_in_texts = {"open", "command", "hex strings", "base64 strings"}
    assert suspicious - words_in_texts == {"shell", "wscript.shell", "run", "createobject"}


def test_every_part_is_sound_xml() -> None:
    with zipfile.ZipFile(BUILT) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                assert parse(archive.read(name), name)


def test_the_project_and_the_package_are_sound() -> None:
    assert import_module("pyopenvba").ExcelFile(BUILT).validate() == []
    assert OpenXmlValidator().validate(str(BUILT)).errors == []


def test_excel_finds_the_ribbon() -> None:
    package = Package.open(BUILT)
    (target,) = [r.target for r in package.relationships("") if r.kind == "extensibility"]
    root = package.root(target)
    assert b'xmlns="http://schemas.microsoft.com/office/2006/01/customui"' in package.part(target)
    assert local(root) == "customUI"


def test_the_tab_is_called_performance_and_has_all_the_buttons(buttons: list[Element]) -> None:
    (tab,) = [e for e in parse((MACROS / "ribbon.xml").read_bytes(), "ribbon.xml") if e.local == "tab"]
    assert tab.attributes["label"] == "Performance"
    assert [button.attributes["label"] for button in buttons] == LABELS
    assert len({button.attributes["id"] for button in buttons}) == len(buttons)


def test_every_button_says_what_it_does_and_has_an_icon_of_offices_own(buttons: list[Element]) -> None:
    for button in buttons:
        said = button.attributes
        assert said["imageMso"].isalnum()
        assert said["screentip"]
        assert said["supertip"].endswith(".")


def test_every_button_calls_a_sub_that_is_there(buttons: list[Element]) -> None:
    callbacks = re.findall(r"^Public Sub (\w+)\(control As IRibbonControl\)$", MODULES["Ribbon"], re.MULTILINE)
    assert sorted(button.attributes["onAction"] for button in buttons) == sorted(callbacks)


def test_behind_every_callback_is_a_sub_without_arguments() -> None:
    callbacks = re.findall(r"^Public Sub On(\w+)\(.*\)\n +(\w+)\nEnd Sub", MODULES["Ribbon"], re.MULTILINE)
    assert len(callbacks) == len(LABELS)
    for name, called in callbacks:
        assert name == called
        assert f"Public Sub {called}()" in MODULES["Buttons"]


@pytest.mark.parametrize(
    "unwanted",
    [
        "Declare", "PtrSafe", "cmd.exe", "powershell", "Environ", "FileSystemObject", "ActiveX", "GetObject",
        "SendKeys", "Auto_Open", "Workbook_Open", "Auto_Close", "OnTime", "Kill", "URLDownload", "XMLHTTP", "VBProject",
    ],
)  # fmt: skip
def test_the_macros_do_without(unwanted: str) -> None:
    assert all(unwanted.casefold() not in code_of(module).casefold() for module in MODULES)


def test_one_module_touches_the_system() -> None:
    assert [module for module in MODULES if re.search(r"CreateObject|Shell", code_of(module))] == ["Desktop"]


def test_a_formula_in_an_open_workbook_can_call_nothing_of_it() -> None:
    """A worksheet can call public functions of an add-in; it cannot call Subs, properties or private functions."""
    for module in MODULES:
        assert not re.search(r"^\s*(Public )?Function", code_of(module), re.MULTILINE)


def test_settings_are_never_taken_from_a_workbook_that_is_open() -> None:
    (setting,) = re.findall(r"Property Get Setting.*?End Property", MODULES["Desktop"], re.DOTALL)
    assert "ThisWorkbook" in setting
    for module in MODULES:
        assert not re.search(r"(?<!ThisWorkbook\.)(Worksheets|Sheets)\(", code_of(module))


def test_the_macros_stay_short_enough_to_be_read_before_they_are_allowed() -> None:
    lines = [line for module in MODULES for line in code_of(module).splitlines() if line.strip()]
    assert len(lines) <= 120


# ---- when it cannot be built ----------------------------------------------------------------------------------------


def test_without_pyopenvba_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    with pytest.raises(UsageError, match=r"pyOpenVBA is not installed.*addin install"):
        build(tmp_path / "x.xlam")
    assert not (tmp_path / "x.xlam").exists()


def test_outside_a_checkout_the_message_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no macros"):
        assemble(tmp_path)


def test_a_module_that_does_not_say_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ribbon.xml").write_bytes((MACROS / "ribbon.xml").read_bytes())
    (tmp_path / "Other.bas").write_text("Option Explicit\n")
    with pytest.raises(WorkbookError, match=r"Other\.bas: its first line must be"):
        assemble(tmp_path)


def test_a_folder_that_is_not_there_is_one_plain_message(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be written"):
        build(tmp_path / "nowhere" / "x.xlam")
