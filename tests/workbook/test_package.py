"""Saving wholly or not at all, and who has a workbook open."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
import xlsxwriter

from xlperf.errors import WorkbookError, WorkbookInUse
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.inuse import holder_of
from xlperf.workbook.package import Package


@pytest.fixture
def package() -> Package:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("A").write("A1", "text")
        book.add_worksheet("B").hide()
    return Package.open(buffer.getvalue())


def test_a_package_says_what_it_holds(package: Package) -> None:
    assert [(s.name, s.part, s.state) for s in package.sheets] == [
        ("A", "xl/worksheets/sheet1.xml", "visible"),
        ("B", "xl/worksheets/sheet2.xml", "hidden"),
    ]
    assert package.shared_strings == ["text"]
    assert package.tables == {}


def test_absolute_targets_are_followed(package: Package) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    package.set_part(rels, package.part(rels).replace(b'Target="worksheets', b'Target="/xl/worksheets'))
    assert package.sheets[0].part == "xl/worksheets/sheet1.xml"


def test_the_same_parts_make_the_same_file(package: Package, tmp_path: Path) -> None:
    package.request_recalculation()
    package.save(tmp_path / "a.xlsx")
    package.save(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert tuple(archive.namelist()) == package.part_names


def test_a_part_that_nobody_changed_is_copied_as_it_stands_in_the_file(tmp_path: Path) -> None:
    saved, stored = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        for name in ("A", "B"):
            book.add_worksheet(name).write_column("A1", [f"{name} {number}" for number in range(500)])
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():  # as another program compresses
            new.writestr(name, old.read(name))
    package = Package.open(stored.getvalue())
    changed, same = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    text = package.part(changed)
    package.set_part(changed, text.replace(b'r="A1"', b'r="A1" s="0"'))
    package.set_part(same, package.part(same))
    package.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as now, zipfile.ZipFile(stored) as before:
        assert now.testzip() is None
        assert {name for name in before.namelist() if now.read(name) != before.read(name)} == {changed}
        sizes = [now.getinfo(same).compress_size, before.getinfo(same).compress_size]
        assert sizes[0] == sizes[1]
    assert Package.open(tmp_path / "a.xlsx").part(same) == package.part(same)


def test_bytes_that_were_let_go_of_are_read_again(package: Package) -> None:
    part = package.sheets[0].part
    data = package.part(part)
    package.release(part)
    assert package.part(part) == data
    package.set_part(part, data.replace(b"text", b"word"))
    package.release(part)  # what was changed stands nowhere else
    assert package.part(part) == data.replace(b"text", b"word")
    package.seal(part, package.part(part))
    assert package.part(part) == data.replace(b"text", b"word")
    package.set_part(part, data)
    assert Package.open(package.compressed()).part(part) == data


def test_a_sheet_that_is_not_sound_is_not_sealed(package: Package) -> None:
    part = package.sheets[0].part
    broken = package.part(part).replace(b"</c>", b"</d>")
    package.set_part(part, broken)
    with pytest.raises(WorkbookError, match=r"sheet1\.xml"):
        package.seal(part, broken)


def _fail(*_: object, **__: object) -> NoReturn:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_other(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = tmp_path / "master.xlsx"
    target.write_bytes(b"before")
    monkeypatch.setattr(os, call, _fail)
    with pytest.raises(WorkbookError, match=r"master\.xlsx: cannot be written \(No space left"):
        package.save(target)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_broken_part_never_reaches_the_target(package: Package, tmp_path: Path) -> None:
    target = tmp_path / "master.xlsx"
    target.write_bytes(b"before")
    package.set_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>")
    with pytest.raises(WorkbookError, match=r"sheet1\.xml: is damaged"):
        package.save(target)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_document_type_definition_is_refused(package: Package) -> None:
    data = package.part("xl/workbook.xml").replace(b"<workbook", b"<!DOCTYPE w [<!ENTITY e 'x'>]><workbook")
    package.set_part("xl/workbook.xml", data)
    with pytest.raises(WorkbookError, match="document type definition"):
        package.sheets  # noqa: B018


@pytest.mark.parametrize("encode", [lambda t: t.encode("utf-16"), lambda t: t.replace("UTF-8", "latin-1").encode()])
def test_other_encodings_are_refused(package: Package, encode: Callable[[str], bytes]) -> None:
    package.set_part("xl/workbook.xml", encode(package.part("xl/workbook.xml").decode()))
    with pytest.raises(WorkbookError, match="not in UTF-8"):
        package.sheets  # noqa: B018


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_permissions_of_the_file_stay(package: Package, tmp_path: Path) -> None:
    target = tmp_path / "master.xlsx"
    target.write_bytes(b"before")
    target.chmod(0o640)
    package.save(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_file_in_use_names_the_holder(package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> NoReturn:
        raise PermissionError(13, "in use")

    (tmp_path / ".~lock.master.xlsx#").write_text(",ann,ann-pc,31.07.2026 09:30,file:///x;", encoding="utf-8")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WorkbookInUse, match="ann has it open") as caught:
        package.save(tmp_path / "master.xlsx")
    assert caught.value.holder == "ann"


def owner_file(name: str) -> bytes:
    """What Excel lays beside an open workbook: 165 bytes, the name in 8 bits and again in 16."""
    narrow = name.encode("cp1252", errors="replace")
    wide = name.encode("utf-16-le")
    return (bytes([len(narrow)]) + narrow.ljust(54, b" ") + bytes([len(name), 0]) + wide).ljust(165, b" ")


@pytest.mark.parametrize("name", ["Ann Jones", "Siân Ł", "Łukasz", "O'Neil, Bea"])
def test_excel_says_who_has_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "~$master.xlsx").write_bytes(owner_file(name))
    assert holder_of(tmp_path / "master.xlsx") == name


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        ("Ann Jones,ann,pc,31.07.2026 09:30,file:///home/ann;", "Ann Jones"),
        (",ann,pc,31.07.2026 09:30,file:///home/ann;", "ann"),
        (",,pc,,;", "somebody"),
        ("", "somebody"),
    ],
)
def test_libreoffice_says_who_has_it(tmp_path: Path, lock: str, expected: str) -> None:
    (tmp_path / ".~lock.master.xlsx#").write_text(lock, encoding="utf-8")
    assert holder_of(tmp_path / "master.xlsx") == expected


def test_nobody_has_it(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "master.xlsx") is None


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 3, b"\x05     "])
def test_an_unreadable_name_is_somebody(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "~$master.xlsx").write_bytes(data)
    assert holder_of(tmp_path / "master.xlsx") in {"somebody", "ÿÿ"}


def test_a_workbook_of_ours_is_read_however_large_it_has_become() -> None:
    """An owner's return may have 24 MB; a master of a few hundred returns has more, unpacked, while it is written."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for name in ("small", "large"):
            options = {"name": name, "columns": [{"header": "text"}], "data": [["before"]]}
            workbook.add_worksheet(name).add_table("A1:A2", options)
    book = FileWorkbook.open(buffer.getvalue())
    book.write_table("large", [{"text": f"{row} {'long ' * 6_000}"} for row in range(900)])
    assert len(book.to_bytes()) > 24 * 1024 * 1024
    assert [row["text"].raw for row in book.read_table("small").rows] == ["before"]
