"""The trained ears: one TFLite file and the JSON card beside it, loaded once per process.

The only place that imports a TFLite runtime. A model holds no memory of any call: each call's state is an
array that its analyser keeps and hands in again, so one interpreter serves all calls of the thread that owns
it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from dsp.amd import Limits, Odds, Sensitivity
from dsp.features import BANDS, STEP_FRAMES
from dsp.frames import Floats
from dsp.talk import TIMING

if sys.version_info < (3, 12):
    from tflite_runtime.interpreter import Interpreter
else:
    from ai_edge_litert.interpreter import Interpreter

CLASSES = ("human", "machine", "music", "silence")
_DEFAULT = Path(__file__).parent / "models" / "amd.tflite"


class ModelError(Exception):
    """The model file or its card is missing, damaged or not of our kind; the message says which."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the program needs to know of a model; the JSON file holds more, for people."""

    sha256: str
    temperature: float
    """Logits are divided by this before they become odds (calibration)."""
    limits: dict[Sensitivity, Limits]

    @staticmethod
    def read(path: Path) -> Card:
        """Parse the card at ``path``; raises ``ModelError``."""
        try:
            raw = json.loads(path.read_text("utf-8"))
            if tuple(raw["classes"]) != CLASSES:
                raise ModelError(f"{path}: classes are {raw['classes']}, expected {list(CLASSES)}")
            limits = {name: Limits(**values) for name, values in raw["limits"].items()}
            return Card(raw["sha256"], float(raw["temperature"]), limits)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"cannot read the model's card {path}: {error!r}") from error


class AmdModel:
    """A loaded model. Use it from one thread."""

    def __init__(self, path: Path) -> None:
        """Load ``path`` and the card of the same name ending in ``.json``; raises ``ModelError``."""
        self.card = Card.read(path.with_suffix(".json"))
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"cannot read the model {path}: {error}; 'make train' trains one") from error
        if hashlib.sha256(content).hexdigest() != self.card.sha256:
            raise ModelError(f"{path} is not the file its card describes (sha256 differs)")
        self._content = content  # the interpreter reads from this memory
        try:
            self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path} is not a model this runtime can load: {error}") from error
        self._inputs = self._find_inputs()
        outputs = self._interpreter.get_output_details()
        self._logits = next(detail["index"] for detail in outputs if len(detail["shape"]) == 2)
        self._next_state = next(detail["index"] for detail in outputs if len(detail["shape"]) == 3)

    @staticmethod
    @lru_cache(maxsize=1)
    def default() -> AmdModel:
        """The model that ships with the package, loaded at the first call; raises ``ModelError``."""
        return AmdModel(_DEFAULT)

    def fresh_state(self) -> Floats:
        """The state of a call that has just been answered."""
        return np.zeros(self._inputs["state"][1], dtype=np.float32)

    def step(self, mel: Floats, timing: Floats, state: Floats) -> tuple[Odds, Floats]:
        """One 100 ms step: ``mel`` (16, 32) from ``features``, ``timing`` (9,) from ``talk``, the call's
        state.

        Returns the odds now and the state for the next step; the state handed in is left as it is.
        """
        for name, value in (("mel", mel[None]), ("timing", timing[None]), ("state", state)):
            self._interpreter.set_tensor(self._inputs[name][0], value)
        self._interpreter.invoke()
        logits = self._interpreter.get_tensor(self._logits)[0]
        return odds_of(logits, self.card.temperature), self._interpreter.get_tensor(self._next_state)

    def _find_inputs(self) -> dict[str, tuple[int, tuple[int, ...]]]:
        found: dict[str, tuple[int, tuple[int, ...]]] = {}
        for detail in self._interpreter.get_input_details():
            for name in ("mel", "timing", "state"):
                if name in detail["name"]:
                    found[name] = (detail["index"], tuple(int(size) for size in detail["shape"]))
        shapes = {name: shape for name, (_, shape) in found.items()}
        if (
            shapes.get("mel") != (1, STEP_FRAMES, BANDS)
            or shapes.get("timing") != (1, TIMING)
            or "state" not in shapes
        ):
            raise ModelError(f"the model's inputs {shapes} are not those of this program")
        return found


def odds_of(logits: Floats, temperature: float) -> Odds:
    """Class logits (in the order of ``CLASSES``) and the speech logit after them, as probabilities."""
    scaled = logits[: len(CLASSES)].astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    human, machine, music, silence = (weights / weights.sum()).tolist()
    return Odds(human, machine, music, silence, float(1.0 / (1.0 + np.exp(-float(logits[len(CLASSES)])))))
