"""An .xlsx file as its parts: its sheets, tables and names, and how a changed package gets to disk.

Why own code: see `docs/decisions.md`. Parts that nobody changed are written back unread; others
keep what they held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from xlperf.durable import replace_file
from xlperf.errors import TableNotFound, WorkbookError, WorkbookInUse
from xlperf.workbook import parts
from xlperf.workbook.archive import Packed, assembled, each_part, packed, standing, zipped
from xlperf.workbook.inuse import SOMEBODY, holder_of
from xlperf.workbook.parts import DefinedName, Sheet, TablePart
from xlperf.workbook.relationships import Relationship, part_of_relationships, relationship
from xlperf.workbook.xmlsplice import check
from xlperf.workbook.xmltree import REPAIR, Node, XmlDocument, add, children, local, named_part, remove

CONTENT_TYPES = "[Content_Types].xml"

_T = TypeVar("_T")


class Package:
    """The parts of a workbook, in file order. Raises WorkbookError where it is not a sound .xlsx.

    For workbooks of our own (a template, a master): there is no guard here against a file made to do harm.
    """

    def __init__(self, data: bytes, file: str = "workbook") -> None:
        self.file = file
        self._parts: dict[str, XmlDocument] = {}
        self._read: dict[str, Packed] = {}
        """Of parts that nobody has changed, how they stand in the file."""
        self._sealed: dict[str, Packed] = {}
        for as_read, part in each_part(data, file):
            self._read[as_read.name] = as_read
            self._parts[as_read.name] = XmlDocument(part, self.where(as_read.name), as_read.unpacked)
        self._bytes: bytes | None = data
        self._derived: dict[str, object] = {}
        self._changed: set[str] = set()
        self.changes = 0  # how often a part has been changed
        self.workbook_part = self.target_of("", "officeDocument")

    @classmethod
    def open(cls, source: Path | bytes) -> Package:
        """Read a workbook. Raises WorkbookError."""
        if isinstance(source, bytes):
            return cls(source)
        try:
            return cls(source.read_bytes(), source.name)
        except FileNotFoundError as error:
            raise WorkbookError(f"{source}: there is no such file") from error
        except OSError as error:
            raise WorkbookError(f"{source}: cannot be read ({error.strerror})") from error

    # -- parts --

    @property
    def part_names(self) -> tuple[str, ...]:
        """All part names, in file order."""
        return tuple(self._parts)

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def part(self, name: str) -> bytes:
        """Return the bytes of a part. Raises WorkbookError if it is not there."""
        return self._document(name).data

    def set_part(self, name: str, data: bytes) -> None:
        """Put new bytes in the place of a part that is there."""
        as_read = self._read.get(name)
        if self.part(name) == data if as_read is None else as_read.holds(data):
            return
        self._parts[name] = XmlDocument(data, self.where(name))
        self._note_change(name)

    def add_part(self, name: str, data: bytes, content_type: str = "") -> None:
        """Put in a part that is not there yet; without a content type, its kind of file says what it is."""
        self._parts[name] = XmlDocument(data, self.where(name))
        self._note_change(name)
        if content_type:
            with self.changing(CONTENT_TYPES) as root:
                add(root, "Override", {"PartName": f"/{name}", "ContentType": content_type})

    def content_type(self, part: str) -> str:
        """What the package says that a part is; "" where it does not say."""
        ending = part.rpartition(".")[2].casefold()
        types = children(self.root(CONTENT_TYPES))
        own = [each for each in types if named_part(each) == part]
        of_its_kind = [each for each in types if each.get("Extension", "").casefold() == ending]
        return next((str(each.get("ContentType", "")) for each in (*own, *of_its_kind)), "")

    def add_relationship(self, part: str, kind: str, target: str) -> str:
        """Have a part, which leads to others already, lead to one more; returns the relationship's id."""
        with self.changing(part_of_relationships(part)) as root:
            taken = {each.get("Id") for each in children(root)}
            id_ = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
            add(root, "Relationship", {"Id": id_, "Type": kind, "Target": f"/{target}"})
        return id_

    def root(self, part: str) -> Node:
        """The outermost element of a part, for reading. Raises WorkbookError."""
        return self._document(part).root

    @contextmanager
    def changing(self, part: str) -> Iterator[Node]:
        """The outermost element of a part, to be changed; nothing is where the change fails. Raises WorkbookError."""
        document = self._document(part)
        before = document.data
        with document.changing() as root:
            yield root
        if document.data is not before:
            self._note_change(part)

    def release(self, part: str) -> None:
        """Let go of the bytes of a part, which nobody has changed; they are read again when they are asked for."""
        if part not in self._changed:
            self._document(part).release()

    def seal(self, part: str, new: bytes) -> None:
        """Compress and check a part that has changed and is not to change any more, and let go of its bytes.

        `new` is what of it has to be checked: the part without those of its rows that were read as they are. Raises
        WorkbookError.
        """
        if part in self._changed and part not in self._sealed:
            self._sealed[part] = self._compressed_part(part, new)
            self._document(part).release(self._sealed[part].unpacked)

    def _document(self, part: str) -> XmlDocument:
        try:
            return self._parts[part]
        except KeyError as error:
            raise WorkbookError(f"{self.file}: its part {part} is missing; {REPAIR}") from error

    def where(self, part: str) -> str:
        """How a message names a part."""
        return f"{self.file}, part {part}"

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """Return the relationships of a part to parts inside the package ("" is the package itself)."""
        rels = part_of_relationships(part)
        if rels not in self._parts:
            return ()
        relationships = (
            relationship(part, element.attrib) for element in self.root(rels).iterchildren("{*}Relationship")
        )
        return tuple(each for each in relationships if each is not None)

    def outside_targets(self, part: str) -> dict[str, str]:
        """Return what a part leads to outside the package, such as the addresses of its links, by id."""
        rels = part_of_relationships(part)
        return {
            element.get("Id", ""): element.get("Target", "")
            for element in (children(self.root(rels)) if rels in self._parts else ())
            if element.get("TargetMode") == "External"
        }

    # -- what the workbook says it holds --

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets in tab order, chart sheets included."""
        return self._once("sheets", lambda: parts.sheets(self))

    @property
    def tables(self) -> dict[str, TablePart]:
        """All tables by name, in sheet order."""
        return self._once("tables", lambda: parts.tables(self))

    def table(self, name: str) -> TablePart:
        """The table of a name, which Excel knows in any case. Raises TableNotFound."""
        wanted = name.casefold()
        table = next((table for each, table in self.tables.items() if each.casefold() == wanted), None)
        if table is None:
            raise TableNotFound(name, tuple(self.tables))
        return table

    def tables_beside(self, table: TablePart) -> list[TablePart]:
        """The other tables on the sheet of a table."""
        return [each for each in self.tables.values() if each.sheet == table.sheet and each.name != table.name]

    @property
    def defined_names(self) -> tuple[DefinedName, ...]:
        """All defined names."""
        return self._once("names", lambda: parts.defined_names(self))

    @property
    def shared_strings(self) -> list[str]:
        """The plain texts of the shared strings; the runs of a rich text are joined."""
        return self._once("strings", lambda: parts.shared_strings(self))

    @property
    def date_styles(self) -> frozenset[int]:
        """The cell style ids that show a number as a date or a time."""
        return self._once("styles", lambda: parts.date_styles(self))

    @property
    def date_1904(self) -> bool:
        """True where the workbook counts its days from 1904."""
        return self._once("date_1904", lambda: parts.date_1904(self))

    # -- changes --

    def request_recalculation(self) -> None:
        """Make Excel recalculate everything when it opens the workbook."""
        with self.changing(self.workbook_part) as root:
            parts.calculate_on_opening(root)

    def drop_calculation_chain(self) -> None:
        """Take away the list of formula cells, which Excel makes again; a wrong one counts as damage."""
        for each in self.relationships(self.workbook_part):
            if each.kind == "calcChain":
                self._drop(each)

    def keep_relationships(self, part: str, wanted: Callable[[Relationship], bool]) -> None:
        """Cut every relationship of a part but those wanted to parts inside the package; see `drop_unreachable`."""
        if part_of_relationships(part) in self._parts:
            self._cut(
                part_of_relationships(part), lambda e: (r := relationship(part, e.attrib)) is None or not wanted(r)
            )

    def drop_unreachable(self) -> None:
        """Take away every part that no relationship leads to any more."""
        reached, ahead = {CONTENT_TYPES}, [""]
        while ahead:
            part = ahead.pop()
            reached |= {part, part_of_relationships(part)}
            ahead += [r.target for r in self.relationships(part) if r.target in self and r.target not in reached]
        self._cut(CONTENT_TYPES, lambda e: local(e) == "Override" and named_part(e) not in reached)
        for part in [name for name in self._parts if name not in reached]:
            del self._parts[part]
            self._note_change(part)

    # -- back to disk --

    def to_bytes(self) -> bytes:
        """Return the whole package as it stands; while nothing has changed, the bytes it was opened from."""
        if self._bytes is None:
            self._bytes = zipped(self._data(), is_compressed=False)
        return self._bytes

    def compressed(self) -> bytes:
        """Return the package as it stands as the bytes of a smaller file, which is checked. Raises WorkbookError."""
        return self._assembled([self._sealed.get(name) or self._compressed_part(name) for name in self._parts])

    def save(self, path: Path, *, just_before: Callable[[], None] | None = None) -> str:
        """Write the package to `path`, wholly or not at all: beside it, checked, then renamed; see `replace_file`.

        Returns the sha256 of the file's bytes. Raises WorkbookInUse where the file cannot be replaced, WorkbookError
        where it cannot be written.
        """
        unchanged = {name: part for name, part in self._read.items() if part.is_deflated}
        kept = {**unchanged, **self._sealed}  # what nobody has changed stays as it stands in the file
        data = self._assembled([kept.get(name) or self._compressed_part(name) for name in self._parts])
        try:
            replace_file(path, data, just_before=just_before)
        except PermissionError as error:
            holder = holder_of(path)
            raise WorkbookInUse(
                f"{path}: {holder or SOMEBODY} has it open, or it may not be written to; close it and try again",
                holder,
            ) from error
        except OSError as error:
            raise WorkbookError(
                f"{path}: cannot be written ({error.strerror or error}); nothing there was changed"
            ) from error
        return hashlib.sha256(data).hexdigest()

    def _compressed_part(self, name: str, new: bytes | None = None) -> Packed:
        """A part, compressed and checked: it must come back as it went in, and be sound XML.

        `new` is what of it has to be sound XML; None for all.
        """
        part = self.part(name)
        compressed = packed(name, part)
        if not compressed.holds(part):
            raise self._not_as_meant()
        if name in self._changed and name.endswith((".xml", ".rels", ".vml")):
            check(part if new is None else new, self.where(name))
        return compressed

    def _assembled(self, parts: Sequence[Packed]) -> bytes:
        """The bytes of a file of these parts, in which every part must stand as it was put in."""
        data = assembled(parts)
        if list(standing(data)) != list(parts):
            raise self._not_as_meant()
        return data

    def _not_as_meant(self) -> WorkbookError:
        return WorkbookError(f"{self.file}: what would be written is not what was meant; please report it")

    def _data(self) -> dict[str, bytes]:
        return {name: document.data for name, document in self._parts.items()}

    def target_of(self, part: str, kind: str) -> str:
        """Return the one part of a kind that `part` leads to. Raises WorkbookError where it is not there."""
        targets = [r.target for r in self.relationships(part) if r.kind == kind]
        if len(targets) != 1 or targets[0] not in self._parts:
            raise WorkbookError(
                f"{self.file}: has no {kind} part, so it is not an .xlsx workbook; save it in Excel first"
            )
        return targets[0]

    def _drop(self, unwanted: Relationship) -> None:
        self._cut(part_of_relationships(self.workbook_part), lambda e: e.get("Id") == unwanted.id)
        self._cut(CONTENT_TYPES, lambda e: named_part(e) == unwanted.target)
        if self._parts.pop(unwanted.target, None) is not None:
            self._note_change(unwanted.target)

    def _cut(self, part: str, unwanted: Callable[[Node], bool]) -> None:
        with self.changing(part) as root:
            remove([element for element in children(root) if unwanted(element)])

    def _note_change(self, part: str) -> None:
        self._bytes = None
        self._changed.add(part)
        self._read.pop(part, None)
        self._sealed.pop(part, None)
        self.changes += 1
        sheets = cast("tuple[Sheet, ...]", self._derived.get("sheets", ()))
        if part not in {sheet.part for sheet in sheets}:  # nothing remembered here comes from a sheet's cells
            self._derived.clear()

    def _once(self, key: str, make: Callable[[], _T]) -> _T:
        if key not in self._derived:
            self._derived[key] = make()
        return cast("_T", self._derived[key])
