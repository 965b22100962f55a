"""The kinds of numpy array that the rules work on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]
"""Text."""
Codes = npt.NDArray[np.int8]
"""Indices into a tuple of words, such as `rag.RAGS`."""
Signs = npt.NDArray[np.int8]
"""1, 0 or -1, with a code of its own for what is not known."""
EnumCodes = npt.NDArray[np.uint8]
"""Members of an IntEnum, or numbers of SPC rules."""
