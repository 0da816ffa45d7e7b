"""The network, twice with the same weights: over whole calls for training, one step at a time for the box.

Per 100 ms step two convolutions look at 16 mel frames, a dense layer adds the nine timing inputs, four causal
layers with gaps of 1, 2, 4 and 8 steps look back 3.1 s, and a small head says the class and whether somebody
speaks. No layer is recurrent: the state is the layers' past inputs, which quantises well and cannot drift.

One such net errs by chance as much as by need, so the box has several that learnt from different calls: their logits
are averaged, their states lie side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from dsp.features import BANDS, CONTEXT, HOPS_PER_BLOCK, STEP_FRAMES
from dsp.model import CLASSES
from dsp.talk import TIMING
from dsp.training import Array
from dsp.training.dataset import Arrays

WIDTH = 32
GAPS = (1, 2, 4, 8)
STATE_STEPS = sum(2 * gap for gap in GAPS)
OUTPUTS = len(CLASSES) + 1
_SPEECH_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Layers:
    """The trainable parts, shared by both shapes of the network."""

    look: list[Any]
    join: Any
    past: list[Any]
    head: list[Any]


def new_layers() -> Layers:
    """Fresh weights; every activation is bounded to 0..6, so one int8 scale fits all states."""
    keras = tf.keras.layers
    return Layers(
        look=[
            keras.Conv1D(WIDTH, 4, strides=2, activation=tf.nn.relu6),
            keras.Conv1D(WIDTH, 3, strides=2, activation=tf.nn.relu6),
        ],
        join=keras.Dense(WIDTH, activation=tf.nn.relu6),
        past=[keras.Dense(WIDTH, activation=tf.nn.relu6) for _ in GAPS],
        head=[keras.Dense(32, activation=tf.nn.relu6), keras.Dense(OUTPUTS)],
    )


def whole_calls(layers: Layers, steps: int) -> Any:
    """Model from frames (calls, steps*10, 32) and timing (calls, steps, 9) to logits (calls, steps, 5)."""
    frames = tf.keras.Input((steps * HOPS_PER_BLOCK, BANDS), name="frames")
    timing = tf.keras.Input((steps, TIMING), name="timing")
    masked = tf.keras.layers.GaussianNoise(0.15)(tf.keras.layers.SpatialDropout1D(0.1)(frames))
    padded = tf.pad(masked, ((0, 0), (CONTEXT, 0), (0, 0)))
    windows = tf.reshape(
        tf.signal.frame(padded, STEP_FRAMES, HOPS_PER_BLOCK, axis=1), (-1, STEP_FRAMES, BANDS)
    )
    looked = _look(layers, windows)
    looked = tf.keras.layers.Dropout(0.3)(looked)
    joined = layers.join(tf.concat([tf.reshape(looked, (-1, steps, looked.shape[-1])), timing], -1))
    for layer, gap in zip(layers.past, GAPS, strict=True):
        taps = [_later(joined, 2 * gap), _later(joined, gap), joined]
        joined = tf.minimum(joined + layer(tf.concat(taps, -1)), 6.0)
    joined = tf.keras.layers.Dropout(0.2)(joined)
    return tf.keras.Model([frames, timing], _head(layers, joined, timing))


def one_step(nets: Sequence[Layers]) -> Any:
    """Model from mel (1, 16, 32), timing (1, 9), state (1, 30, 32 per net) to logits (1, 5) and the next state.

    The mean of the nets' logits is one layer over all their heads, so that it is rounded to int8 once.
    """
    mel = tf.keras.Input((STEP_FRAMES, BANDS), batch_size=1, name="mel")
    timing = tf.keras.Input((TIMING,), batch_size=1, name="timing")
    state = tf.keras.Input((STATE_STEPS, WIDTH * len(nets)), batch_size=1, name="state")
    heads, kept = zip(
        *(
            _step(net, mel, timing, part)
            for net, part in zip(nets, tf.split(state, len(nets), -1), strict=True)
        ),
        strict=True,
    )
    mean = tf.keras.layers.Dense(OUTPUTS)
    logits = mean(tf.concat(heads, -1))
    kernels, biases = zip(*(net.head[1].get_weights() for net in nets), strict=True)
    mean.set_weights([np.concatenate(kernels) / len(nets), np.mean(biases, axis=0)])
    return tf.keras.Model([mel, timing, state], [logits, tf.concat(kept, -1)])


def _step(layers: Layers, mel: Any, timing: Any, state: Any) -> tuple[Any, Any]:
    """One net up to its last layer, and its next state."""
    joined = layers.join(tf.concat([_look(layers, mel), timing], -1))
    kept, start = [], 0
    for layer, gap in zip(layers.past, GAPS, strict=True):
        past = tf.concat([state[:, start : start + 2 * gap], joined[:, None]], 1)
        start += 2 * gap
        kept.append(past[:, 1:])
        taps = tf.concat([past[:, 0], past[:, gap], past[:, 2 * gap]], -1)
        joined = tf.minimum(joined + layer(taps), 6.0)
    return layers.head[0](tf.concat([joined, timing], -1)), tf.concat(kept, 1)


def _look(layers: Layers, windows: Any) -> Any:
    for layer in layers.look:
        windows = layer(windows)
    return tf.keras.layers.Flatten()(windows)


def _head(layers: Layers, joined: Any, timing: Any) -> Any:
    return layers.head[1](layers.head[0](tf.concat([joined, timing], -1)))


def _later(values: Any, steps: int) -> Any:
    return tf.pad(values, ((0, 0), (steps, 0), (0, 0)))[:, : values.shape[1]]


def targets(arrays: Arrays) -> Array:
    """What each step should say: one-hot class, speech, weight; shape (calls, steps, 6).

    Steps before the first speech weigh little: nobody can know yet.
    """
    steps = arrays.speech.shape[1]
    classes = np.repeat(np.eye(len(CLASSES))[arrays.label][:, None], steps, axis=1)
    heard = np.maximum.accumulate(arrays.speech, axis=1)
    quiet_call = (arrays.label >= CLASSES.index("music"))[:, None]
    weight = np.where(heard | quiet_call, 1.0, 0.15)
    columns = [classes, arrays.speech[..., None], weight[..., None]]
    return np.asarray(np.concatenate(columns, -1), dtype=np.float32)


def loss(wanted: Any, logits: Any) -> Any:
    """Cross-entropy of the class at every step, plus that of the speech head."""
    classes = len(CLASSES)
    wrong = tf.nn.softmax_cross_entropy_with_logits(wanted[..., :classes], logits[..., :classes])
    speech = tf.nn.sigmoid_cross_entropy_with_logits(wanted[..., classes], logits[..., classes])
    return wrong * wanted[..., classes + 1] + _SPEECH_WEIGHT * speech


def train(layers: Layers, train_set: Arrays, tune_set: Arrays, *, epochs: int, seed: int) -> Any:
    """Fit on ``train_set``, keep the weights that were best on ``tune_set``; the whole-call model."""
    tf.keras.utils.set_random_seed(seed)
    model = whole_calls(layers, train_set.speech.shape[1])
    rate = tf.keras.optimizers.schedules.CosineDecay(1.5e-3, epochs * (len(train_set.label) // 64 + 1))
    model.compile(optimizer=tf.keras.optimizers.AdamW(rate, weight_decay=1e-2, clipnorm=1.0), loss=loss)
    best = tf.keras.callbacks.EarlyStopping("val_loss", patience=epochs, restore_best_weights=True)
    model.fit(
        _inputs(train_set),
        targets(train_set),
        validation_data=(_inputs(tune_set), targets(tune_set)),
        epochs=epochs,
        batch_size=64,
        callbacks=[best],
        verbose=2,
    )
    return model


def load(layers: Layers, weights: Path, *, steps: int) -> Any:
    """The whole-call model with the weights of an earlier run."""
    model = whole_calls(layers, steps)
    model.load_weights(weights)
    return model


def _inputs(arrays: Arrays) -> list[Array]:
    return [arrays.frames.astype(np.float32), arrays.timing.astype(np.float32)]


def predict(models: Sequence[Any], arrays: Arrays) -> Array:
    """Float logits of every step, the mean of all nets: (calls, steps, 5)."""
    logits = [model.predict(_inputs(arrays), batch_size=256, verbose=0) for model in models]
    return np.asarray(np.mean(logits, axis=0))
