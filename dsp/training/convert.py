"""From trained layers to the int8 file: post-training quantisation over states and frames that really occur."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf

from dsp.features import CONTEXT, HOPS_PER_BLOCK
from dsp.training import Array
from dsp.training.dataset import Arrays
from dsp.training.network import STATE_STEPS, WIDTH, Layers, one_step

_CALLS = 150
"""Calls of the training split, all classes and channels, that set the int8 scales."""


def to_tflite(nets: Sequence[Layers], arrays: Arrays) -> bytes:
    """The one-step model with int8 weights and activations, float32 at its edges."""
    model = one_step(nets)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: _steps(model, (1, STATE_STEPS, WIDTH * len(nets)), arrays)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    return bytes(converter.convert())


def _steps(model: object, state_shape: tuple[int, ...], arrays: Arrays) -> Iterator[dict[str, Array]]:
    step = tf.function(model)
    for call in range(min(_CALLS, len(arrays.label))):
        state = np.zeros(state_shape, dtype=np.float32)
        frames = np.pad(arrays.frames[call].astype(np.float32), ((CONTEXT, 0), (0, 0)))
        for number, timing in enumerate(arrays.timing[call].astype(np.float32)):
            start = number * HOPS_PER_BLOCK
            mel = frames[None, start : start + HOPS_PER_BLOCK + CONTEXT]
            if number % 3 == 0:
                yield {"mel": mel, "timing": timing[None], "state": state}
            state = step([mel, timing[None], state])[1].numpy()
