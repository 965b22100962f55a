"""A Windows job object: the system's hold on a worker, as POSIX limits are elsewhere.

Written from Microsoft's documentation of `JOBOBJECT_EXTENDED_LIMIT_INFORMATION`. The tests see the calls made of a
recording stand-in for kernel32; nobody has run it on Windows yet.
"""

from __future__ import annotations

import ctypes
from typing import Any

_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_ACTIVE_PROCESS, _PROCESS_MEMORY, _DIE_ON_FAULT, _KILL_ON_CLOSE = 0x8, 0x100, 0x400, 0x2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """`JOBOBJECT_EXTENDED_LIMIT_INFORMATION`: 144 bytes on 64-bit Windows."""

    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Job:
    """A job with room for one process of so much memory, which ends with the job's handle, and so with this process."""

    def __init__(self, memory_mb: int, kernel32: Any = None) -> None:
        """Make the job. Raises OSError where Windows refuses."""
        self._kernel32 = kernel32 or _kernel32()
        self._handle = self._kernel32.CreateJobObjectW(None, None)
        if not self._handle:
            raise _refused("CreateJobObject")
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_FAULT | _KILL_ON_CLOSE
        limits.BasicLimitInformation.ActiveProcessLimit = 1
        limits.ProcessMemoryLimit = memory_mb * 1024 * 1024
        size = ctypes.sizeof(limits)
        if not self._kernel32.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size):
            error = _refused("SetInformationJobObject")
            self.close()
            raise error

    def add(self, process: int) -> None:
        """Put a process into the job, by its handle. Raises OSError where Windows refuses."""
        if not self._kernel32.AssignProcessToJobObject(self._handle, process):
            raise _refused("AssignProcessToJobObject")

    def close(self) -> None:
        """Let go of the job, which kills what is in it."""
        handle, self._handle = self._handle, None
        if handle:
            self._kernel32.CloseHandle(handle)


def _refused(call: str) -> OSError:
    number = getattr(ctypes, "get_last_error", lambda: 0)()
    return OSError(number, f"Windows refused {call} (error {number})")


def _kernel32() -> Any:
    windll: Any = getattr(ctypes, "WinDLL")  # noqa: B009 - there is none elsewhere, not even for the type checker
    kernel32 = windll("kernel32", use_last_error=True)
    handle, number = ctypes.c_void_p, ctypes.c_uint32
    for name, result, arguments in (
        ("CreateJobObjectW", handle, (handle, ctypes.c_wchar_p)),
        ("SetInformationJobObject", ctypes.c_int, (handle, ctypes.c_int, handle, number)),
        ("AssignProcessToJobObject", ctypes.c_int, (handle, handle)),
        ("CloseHandle", ctypes.c_int, (handle,)),
    ):
        call = getattr(kernel32, name)
        call.restype, call.argtypes = result, arguments
    return kernel32
