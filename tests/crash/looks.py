"""What a workspace looks like to its team: everything that counts, and nothing of what differs by chance."""

from __future__ import annotations

import email
import hashlib
import os
import re
from email import policy
from pathlib import Path
from typing import Any

from xlperf.ledger import State
from xlperf.report import layout
from xlperf.returns import layout as form
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.package import Package
from xlperf.workflow.workspace import Workspace

_PROCESS = re.compile(r"(?<=\.xlperf-)([\w.]+)-\d+(?=-[0-9a-f]{12})")
"""In the name of a hidden file: which process of which machine made it."""
_HOLDER = re.compile(rb'"(pid|born|beat)": [^,\n]*')
_LARGEST_LOCK = 1000
_BY_CHANCE = re.compile(r"ledger/runs/|backups/|master \(pending ")


def look(workspace: Workspace) -> dict[str, Any]:
    """What counts of a workspace, to be compared with another's by `==`."""
    state = workspace.ledger().state()
    return {
        "master": _master(workspace.master),
        "files": _files(workspace.root),
        **_state(state, _hashes(workspace.root)),
    }


def left_behind(root: Path) -> str:
    """Everything that is on the disk, as a hash: names, kinds, links, modes and bytes.

    Without what tells apart two processes that did the same: their numbers, in the names of hidden files and in locks.
    """
    state = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        about = path.lstat()
        name = _PROCESS.sub("-", str(path.relative_to(root)))
        state.update(f"{name} {about.st_mode} {about.st_nlink if path.is_file() else 0}\n".encode())
        if path.is_symlink():
            state.update(os.readlink(path).encode())
        elif path.is_file():
            data = path.read_bytes()
            state.update(hashlib.sha256(_HOLDER.sub(b"", data) if len(data) < _LARGEST_LOCK else data).digest())
    return state.hexdigest()


def inputs(root: Path) -> dict[str, bytes]:
    """What xlperf is given and must never change: what was received, and the catalogue."""
    paths = [*root.glob("returns/*/received/*"), root / "kpi_catalogue.yaml"]
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(paths)}


def faults(workspace: Workspace) -> list[str]:
    """What must not be: leftovers, and files that are not what the ledger says they are."""
    state = workspace.ledger().state()
    names = [str(path.relative_to(workspace.root)) for path in workspace.root.rglob("*")]
    found = [f"left over: {name}" for name in names if ".xlperf-" in name or name.endswith("xlperf.lock")]
    for item in state.issued.values():
        folder = workspace.returns / item.period / "issued"
        places = [place / item.file for place in (folder, folder / "superseded") if (place / item.file).exists()]
        if len(places) != 1:
            found.append(f"return {item.serial} lies in {len(places)} places")
        found += [fault for place in places if (fault := _wrong(place, item.return_id))]
    shown = [(workspace.root / "editions" / each.period, each.files) for each in state.editions]
    shown += [(workspace.root / "packs" / each.meeting / each.period, each.files) for _, each in state.packs]
    for folder, files in shown:
        for name, digest in files.items():
            path = folder / name
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                found.append(f"{name} is not there as it was recorded")
    return found


def unknown(workspace: Workspace) -> list[str]:
    """Returns and editions that can be seen and that the ledger does not know, which must never be."""
    state = workspace.ledger().state()
    known = {Path(item.file).stem for item in state.issued.values()}
    known |= {Path(name).stem for edition in state.editions for name in edition.files}
    known |= {Path(name).stem for _, pack in state.packs for name in pack.files}
    known |= {Path(each.file).stem for each in state.drafted}
    visible = ("returns/*/issued/*.*", "returns/*/notices/[!.]*/*.*", "editions/*/*.*", "packs/*/*/*.*")
    seen = [path for pattern in visible for path in workspace.root.glob(pattern)]
    return [f"{path.name} can be seen and is not in the ledger" for path in seen if _is_seen(path, known)]


def _is_seen(path: Path, known: set[str]) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.stem not in known


def _wrong(path: Path, return_id: str) -> str:
    rows = FileWorkbook.open(path).read_table(form.IDENTITY_TABLE).rows
    if return_id not in [row["value"].raw for row in rows]:
        return f"{path.name} is another return"
    message = email.message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=policy.default)
    attached = [part.get_content() for part in message.iter_attachments()]
    return "" if attached == [path.read_bytes()] else f"{path.name} is not what its mail has attached"


def _hashes(root: Path) -> set[str]:
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in root.glob("returns/*/received/*")}


def _state(state: State, received: set[str]) -> dict[str, Any]:
    """What the ledger says. A file that could not be read for once stays in it, under the hash of its name alone."""
    latest = list(state.latest_issue.values())
    return {
        "issued": sorted((i.owner, i.period, i.serial, i.file, i.asked, i in latest) for i in state.issued.values()),
        "received": [each for each in state.received if each.sha256 in received],
        "figures": dict(state.figures),
        "decisions": [(key, each.cells) for key, history in state.decision_history.items() for each in history],
        "packs": [(pack.meeting, pack.period, sorted(pack.files)) for _, pack in state.packs],
        "actions": state.actions,
        "recovery": dict(state.recovery_paths),
        "words": [(key, each.cells, each.figure) for key, said in state.words.items() for each in said.history],
        "entries": [(entry.id, entry.cells) for entry in state.case_entries],
        "notices": sorted(each.file for each in state.drafted),
        "editions": [(edition.period, sorted(edition.files)) for edition in state.editions],
    }


def _master(path: Path) -> dict[str, object]:
    """Every part of the master, but for the line in About that names the last run.

    Of files and findings what the rows say, in any order: a row keeps its place, and a height it was once given, so
    what a harmed run saw of a file that could not be read in that moment shows in where the row stands now.
    """
    package, book = Package.open(path), FileWorkbook(Package.open(path))
    parts: dict[str, object] = {name: package.part(name) for name in package.part_names}
    for name in (layout.RETURNS, layout.FINDINGS, layout.ABOUT):
        rows = [tuple(cell.raw for cell in row.cells.values()) for row in book.read_table(name).rows]
        parts[package.tables[name].sheet.part] = sorted(row for row in rows if layout.LEDGER not in row)
    return parts


def _files(root: Path) -> list[str]:
    """The names of all files. A copy of the master that was saved beside it, and said to be, is no difference."""
    names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    return sorted(name for name in names if not _BY_CHANCE.match(name))
