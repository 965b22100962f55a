r"""What a Windows desktop allows the add-in to do, decided from what its registry says.

The functions are given how to read the registry (`windows.registry_value`, or in a test plain data), so that what they
decide can be seen anywhere. Where a key may not be read they raise OSError, and the doctor says "unknown".
"""

from __future__ import annotations

import ntpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from xlperf.desktop import windows
from xlperf.desktop.windows import Value
from xlperf.errors import WorkspaceError
from xlperf.workflow.workspace import document

Read = Callable[[str, str], Value]
"""The value of a name in a key; None where it is not set."""
Keys = Callable[[str], tuple[str, ...]]
"""The names of the keys under a key."""

_USER = r"HKCU\Software\Microsoft\Office\16.0"
_POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
_MACHINE_POLICY = r"HKLM\Software\Policies\Microsoft\Office\16.0"
_EXCEL_PROGRAM = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
_NO_CHILD_PROCESSES = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
_NETWORK = "AllowNetworkLocations"
_SYNCED = r"HKCU\Software\SyncEngines\Providers\OneDrive"

OTHER_DOOR = "use the shortcut 'xlperf collate' or 'xlperf collate --live', which need no macros"
EXCELS_LONGEST_PATH = 218
IT_REQUEST = "it-request.md"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be (None: not known), what was seen, and what to do."""

    name: str
    ok: bool | None
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = {True: "ok", False: "NOT OK", None: "unknown"}[self.ok]
        advice = f"\n         {self.remedy}" if self.remedy else ""
        return f"{mark:<8} {self.name}: {self.what}{advice}"


def excel(read: Read) -> Check:
    """Whether Excel is installed, and whether it is 32 or 64 bits wide."""
    program = read(rf"HKLM\{_EXCEL_PROGRAM}", "") or read(rf"HKCU\{_EXCEL_PROGRAM}", "")
    if not program:
        return Check("Excel", False, "is not installed, or only from the Store", "Install the desktop version of Excel")
    width = {"x64": ", 64-bit", "x86": ", 32-bit"}.get(
        str(read(r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "Platform")), ""
    )
    return Check("Excel", True, f"{program}{width}")


def trusted_location(
    read: Read, keys: Keys, folder: str, is_remote: Callable[[str], bool] = windows.is_remote_drive
) -> Check:
    """Whether Excel trusts its startup folder, from which it then runs macros without asking.

    Where a person's AppData is redirected to a server, the startup folder lies on the network, and Excel passes over
    every place on the network in its list, unless that is allowed. `is_remote` tells of a drive whether it is a share.
    """
    name = "Trusted location"
    places = r"Excel\Security\Trusted Locations"
    if 1 in (read(rf"{root}\{places}", "AllLocationsDisabled") for root in (_POLICY, _USER)):
        return Check(name, False, "a policy has switched off all trusted locations", _ask())
    on_network = is_on_network(read, folder, is_remote)
    if on_network and not _network_allowed(read, places):
        return _network_refused(name, folder, read(rf"{_POLICY}\{places}", _NETWORK) is not None)
    users_count = read(rf"{_POLICY}\Common\Security\Trusted Locations", "Allow User Locations") != 0
    roots = (_POLICY, _USER) if users_count else (_POLICY,)
    trusted_places = list(_places(read, keys, [rf"{root}\{places}" for root in roots]))
    for place, below in trusted_places:
        if _same(place, folder) or (below and _within(folder, place)):
            network = ", which is on the network, as locations on the network are allowed" if on_network else ""
            return Check(name, True, f"Excel trusts {folder}{network}")
    if not trusted_places:
        return Check(
            name, None, "the list of trusted locations is empty or not there; Excel usually trusts its startup folder"
        )
    return Check(
        name,
        False,
        f"{folder} is not in Excel's list",
        "In Excel: Options, Trust Center, Trusted Locations: add the folder",
    )


def is_on_network(read: Read, folder: str, is_remote: Callable[[str], bool]) -> bool:
    r"""Whether a folder is on a server: so its path says (`\\server\share`), or its drive letter stands for a share."""
    drive, _ = ntpath.splitdrive(_plain(folder))
    if drive.startswith("\\\\"):
        device = drive.removeprefix("\\\\?\\").removeprefix("\\\\.\\")
        if device == drive or device.startswith("unc"):
            return True
        drive = device
    if not drive.endswith(":"):
        return False
    # A drive letter that Windows connects anew at each logon stands in the registry, even while it is not connected.
    return bool(read(rf"HKCU\Network\{drive[0]}", "RemotePath")) or is_remote(f"{drive}\\")


def _network_allowed(read: Read, places: str) -> bool:
    """Whether Excel may trust locations on the network: as the policy says, else as the person has ticked; else not."""
    by_policy = read(rf"{_POLICY}\{places}", _NETWORK)
    return (read(rf"{_USER}\{places}", _NETWORK) if by_policy is None else by_policy) == 1


def _network_refused(name: str, folder: str, by_policy: bool) -> Check:
    what = f"{folder} is on the network, and Excel trusts no location there"
    if by_policy:
        return Check(name, False, f"{what}, as a policy says", _ask())
    return Check(
        name,
        False,
        f"{what} unless that is allowed",
        'In Excel: Options, Trust Center, Trusted Locations: tick "Allow Trusted Locations on my network"; where it '
        f"cannot be ticked, or must not be, {OTHER_DOOR}",
    )


def _places(read: Read, keys: Keys, roots: list[str]) -> Iterator[tuple[str, bool]]:
    for root in roots:
        for key in keys(root):
            place = read(rf"{root}\{key}", "Path")
            if place:
                yield str(place), read(rf"{root}\{key}", "AllowSubFolders") == 1


def macros(read: Read, *, is_trusted: bool | None) -> Check:
    """Whether policies let the add-in's macros run. `is_trusted`: whether the startup folder is a trusted location."""
    name = "Macros"
    if 1 in (read(rf"{root}\Common", "VBAOff") for root in (_POLICY, _MACHINE_POLICY)):
        return Check(name, False, "a policy has switched VBA off in Office", _ask())
    if read(rf"{_POLICY}\Common\Security", "RequireAlwaysOnMacroSig") == 1:
        return Check(
            name, False, "a policy loads only add-ins signed by a trusted publisher; ours is not signed", _ask()
        )
    warnings = read(rf"{_POLICY}\Excel\Security", "VBAWarnings") or read(rf"{_USER}\Excel\Security", "VBAWarnings")
    if warnings in (3, 4) and is_trusted is not True:
        what = {3: "unsigned macros are switched off", 4: "macros are switched off"}[int(warnings)]
        if is_trusted is None:
            return Check(
                name, None, f"{what} except in trusted locations; whether the startup folder is one is not known"
            )
        return Check(name, False, f"{what}, and the startup folder is not a trusted location", _ask())
    return Check(name, True, "no policy was found that keeps the add-in's macros from running")


def add_ins(read: Read) -> Check:
    """Whether policies let Excel load add-ins that are not signed."""
    for root, who in ((_POLICY, "a policy"), (_USER, "Excel's Trust Center")):
        security = rf"{root}\Excel\Security"
        if read(security, "DisableAllAddins") == 1:
            return Check("Add-ins", False, f"{who} has switched off all add-ins", _ask())
        if read(security, "RequireAddinSig") == 1:
            return Check("Add-ins", False, f"{who} loads only signed add-ins; ours is not signed", _ask())
    return Check("Add-ins", True, "no policy was found that keeps Excel from loading them")


def child_processes(read: Read) -> Check:
    """Whether Defender's rule "Block all Office applications from creating child processes" is in force."""
    name = "Programs started by Excel"
    rule = read(rf"{_DEFENDER}\Windows Defender Exploit Guard\ASR\Rules", _NO_CHILD_PROCESSES)
    if rule is None:
        rule = _listed_rule(read(rf"{_DEFENDER}\Policy Manager", "ASRRules"))
    if str(rule) == "1":
        return Check(name, False, "Defender does not let Excel start any program, so the buttons cannot work", _ask())
    if str(rule) == "6":
        return Check(name, None, "Defender warns when Excel starts a program; the person may let it", _ask())
    if str(rule) in ("0", "2"):
        return Check(name, True, "Defender's rule against it is off")
    return Check(
        name,
        None,
        "no rule of Defender against it can be seen from here; another one may exist",
        f"Press Help on the Performance tab: if a message says that Excel may not start xlperf, {OTHER_DOOR}",
    )


def _listed_rule(rules: Value) -> str | None:
    """The rule's state in a list such as `guid=1|guid=2`, as Intune writes it."""
    for item in str(rules or "").split("|"):
        rule, _, state = item.partition("=")
        if rule.strip(" {}").upper() == _NO_CHILD_PROCESSES:
            return state.strip()
    return None


def _ask() -> str:
    """Whom to ask, and the page that says for what, where it lies here. An installation that lacks it still advises."""
    try:
        page = str(document(IT_REQUEST))
    except WorkspaceError:
        page = IT_REQUEST
    return f"Ask the IT department ({page} says for what); until then {OTHER_DOOR}"


def synced_folders(read: Read, keys: Keys, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The folders of this computer that OneDrive keeps the same as its own or as a SharePoint library's."""
    named = [environment.get(name) for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")]
    mounted = [read(rf"{_SYNCED}\{key}", "MountPoint") for key in keys(_SYNCED)]
    return tuple(dict.fromkeys(str(folder) for folder in (*named, *mounted) if folder))


def place(workspace: str, synced: tuple[str, ...]) -> Check:
    """Whether the workspace is where Excel and Python can both work: a folder, not an address on the web."""
    name = "Place of the workspace"
    if workspace.casefold().startswith(("http:", "https:")):
        return Check(
            name,
            False,
            f"{workspace} is an address on the web, not a folder",
            "In SharePoint press Sync (or 'Add shortcut to OneDrive'), and name the folder that this makes on the disk",
        )
    mount = next((folder for folder in synced if _same(workspace, folder) or _within(workspace, folder)), None)
    if mount is None and "cloudstorage" in (part.casefold() for part in PurePath(workspace).parts):
        mount = "CloudStorage"
    if mount is not None:
        return Check(
            name,
            True,
            f"it is in a folder that OneDrive keeps in step ({mount})",
            "Right-click it: 'Always keep on this device'. Wait for the green ticks before somebody else collates",
        )
    return Check(name, True, workspace)


def path_lengths(longest: str, long_paths: Value) -> Check:
    """Whether Excel and Windows can open the workspace's longest path. `long_paths`: what Windows has been set to."""
    name, length = "Length of paths", len(longest)
    if length > EXCELS_LONGEST_PATH:
        limit = "" if long_paths == 1 or length < 260 else "; Windows itself stops at 259"
        return Check(
            name,
            False,
            f"{length} characters, and Excel opens at most {EXCELS_LONGEST_PATH}{limit}: {longest}",
            "Move the workspace to a folder with a shorter path, such as P:\\performance",
        )
    return Check(name, True, f"at most {length} characters; Excel opens up to {EXCELS_LONGEST_PATH}")


def _plain(path: str) -> str:
    return ntpath.normcase(ntpath.normpath(ntpath.expandvars(path)))


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _within(path: str, folder: str) -> bool:
    return _plain(path).startswith(_plain(folder).rstrip("\\") + "\\")
