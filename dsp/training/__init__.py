"""How the model in ``dsp/models`` was made: composing calls, training, quantising, measuring.

Never imported by the box; needs the packages of ``requirements.txt`` and the programs sox, espeak-ng, flite
and festival. Start it with ``python -m dsp.training --pool DIRECTORY``.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
"""Any numpy array; shapes and units are in the docstrings."""
