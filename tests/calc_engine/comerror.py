"""Excel's refusals, in the shape in which pywin32 hands them on."""

from __future__ import annotations

EXCEPTION_OCCURRED = -2147352567  # DISP_E_EXCEPTION
APPLICATION_DEFINED = -2146827284  # 0x800A03EC, Excel's answer to nearly everything
CALL_REJECTED = -2147418111  # RPC_E_CALL_REJECTED: somebody is editing a cell, or a box is open
SERVER_UNAVAILABLE = -2147023174  # RPC_S_SERVER_UNAVAILABLE: Excel has ended
DISCONNECTED = -2147417848  # RPC_E_DISCONNECTED: the workbook was closed

ExceptionInfo = tuple[int, str, str, str, int, int]


class ComError(Exception):
    """Stands in for `pywintypes.com_error`, which exists on Windows only: the same arguments and attributes."""

    def __init__(self, hresult: int, strerror: str, excepinfo: ExceptionInfo | None = None) -> None:
        self.hresult = hresult
        self.strerror = strerror
        self.excepinfo = excepinfo
        self.argerror = None
        super().__init__(hresult, strerror, excepinfo, None)


def refusal(description: str) -> ComError:
    """Excel does not do it, and says why or something like it."""
    info = (0, "Microsoft Excel", description, "xlmain11.chm", 0, APPLICATION_DEFINED)
    return ComError(EXCEPTION_OCCURRED, "Exception occurred.", info)


def protected() -> ComError:
    """Excel's refusal to change a protected sheet."""
    return refusal(
        "The cell or chart you're trying to change is on a protected sheet. To make a change, unprotect the sheet. "
        "You might be requested to enter a password."
    )


def busy() -> ComError:
    """Excel takes no calls for the moment."""
    return ComError(CALL_REJECTED, "Call was rejected by callee.")


def closed() -> ComError:
    """The workbook is no longer open."""
    return ComError(DISCONNECTED, "The object invoked has disconnected from its clients.")


def ended() -> ComError:
    """Excel is no longer running."""
    return ComError(SERVER_UNAVAILABLE, "The RPC server is unavailable.")
