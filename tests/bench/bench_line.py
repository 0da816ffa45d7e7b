"""What an analog line costs: processor time per second of line for each part and all of it together, and how far the
caller-ID decoder and the echo canceller go. Of 30 ms a second allowed for one line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from board.sim import g711
from board.sim.line import (
    HYBRIDS,
    V23,
    Caller,
    Channel,
    FarEnd,
    Hook,
    IncomingCall,
    LineSim,
    fsk,
    messages,
    return_loss_db,
)
from board.sim.line.hybrid import Wires
from dsp.caller_id import CallerIdEars
from dsp.echo import EchoCanceller
from dsp.line import answer, disconnect
from dsp.line.ears import LineEars
from dsp.line.guard import GuardSettings, GuardState, guard
from dsp.line.supervision import CallSettings, Stage, Supervision
from tests.unit.dsp.line_rig import Pcm, babble, look

Figures = list[tuple[str, str]]
_LIMIT_MS = 30.0
_SNRS_DB = (20, 12, 10, 8, 6)


def main(quick: bool) -> Figures:
    """All parts on a conversation of so many seconds, each alone; then the qualities."""
    seconds = 10 if quick else 60
    sound = babble(seconds)
    other = babble(seconds, seed=2)
    parts = [
        (
            "line: what is heard (tones, voice, dial)",
            _per_second(lambda: LineEars("DE").feed(sound), seconds),
        ),
        ("line: signalling of a call, all of it", _per_second(lambda: _supervised(sound), seconds)),
        ("line: the rules (answer, end, guard)", _per_second(lambda: _rules(sound), seconds)),
        ("line: echo cancelling", _per_second(lambda: _cancelled(sound, other), seconds)),
        ("line: caller ID, on-hook", _per_second(lambda: CallerIdEars("DK").feed(sound), seconds)),
    ]
    call_ms = sum(ms for _, ms in parts[1:4])
    simulated = _per_second(lambda: _simulated(other, seconds), seconds)
    figures = [(what, f"{ms:.1f} ms a second of line") for what, ms in parts]
    figures.append(("line: a call, all of it", f"{call_ms:.1f} ms a second of {_LIMIT_MS:.0f} ms allowed"))
    figures.append(("line: the simulator itself", f"{simulated:.1f} ms a second of line"))
    return figures + _caller_ids(10 if quick else 100) + _echoes(8 if quick else 20)


def _per_second(work: Callable[[], object], seconds: float) -> float:
    """Milliseconds of processor time per second of line."""
    began = time.process_time()
    work()
    return (time.process_time() - began) / seconds * 1e3


def _supervised(sound: Pcm) -> None:
    """As drivers use it: 20 ms at a time in a conversation."""
    call = Supervision(CallSettings("DE"), stage=Stage.OVER)
    call.enter(Stage.UP)
    for frame in sound.reshape(-1, 160):
        call.hear(frame)


def _rules(sound: Pcm) -> None:
    """Every frame a look at the wires, every 100 ms what was heard (counted apart)."""
    line = LineSim("DE")
    wires = look(line)
    waiting, talking = answer.AnswerState(0), disconnect.DisconnectState(0, 0)
    guarded = GuardState()
    for at_ms in range(0, len(sound) // 8, 20):
        now = replace(wires, at_ms=at_ms, off_hook=True, milliamps=30.0)
        waiting, _ = answer.watch(answer.AnswerSettings(), waiting, now)
        talking, _ = disconnect.watch(disconnect.DisconnectSettings(), talking, now)
        guarded, _ = guard(GuardSettings(), guarded, now, in_call=True)


def _cancelled(heard: Pcm, sent: Pcm) -> None:
    canceller = EchoCanceller()
    for rx, tx in zip(heard.reshape(-1, 160), sent.reshape(-1, 160), strict=True):
        canceller.cancel(rx, tx)
    canceller.close()


def _simulated(sent: Pcm, seconds: int) -> None:
    line = LineSim("DE")
    line.ring(IncomingCall(party=FarEnd(voice=sent)))
    line.set_hook(Hook.OFF)
    line.advance(seconds * 1000, sent)


def _caller_ids(count: int) -> Figures:
    """Messages read of so many, at a signal-to-noise ratio over the whole 4 kHz."""
    found = []
    for snr_db in _SNRS_DB:
        right = wrong = 0
        for index in range(count):
            message = messages.mdmf(Caller(f"0302312{5000 + index % 1000}", f"Probe {index}"))
            twist_db = index % 5 * 3.0 - 6.0
            heard = CallerIdEars("DE").feed(
                _noisy(fsk.modulate(message, replace(V23, twist_db=twist_db)), snr_db, index)
            )
            right += any(one.raw == message for one in heard)
            wrong += any(one.raw != message for one in heard)
        figure = f"{right} of {count} read, {wrong} wrong"
        found.append((f"line: caller ID at {snr_db} dB, twist +-6 dB", figure))
    return found


def _noisy(wave: np.ndarray[tuple[int], np.dtype[np.float32]], snr_db: float, seed: int) -> Pcm:
    sound = np.concatenate((np.zeros(1600), wave, np.zeros(2400)))
    noise = np.random.default_rng(seed).normal(size=len(sound)) * np.sqrt(np.mean(wave**2))
    pcm = np.clip(np.round(sound + noise * 10 ** (-snr_db / 20)), -32768, 32767).astype(np.int16)
    return g711.decode(g711.encode(pcm, "PCMA"), "PCMA")


def _echoes(seconds: int) -> Figures:
    """Echo return loss enhancement through A-law, after five seconds, and with both talking."""
    sent = babble(seconds)
    figures = []
    for name, hybrid in HYBRIDS.items():
        wires, canceller = Wires(Channel(hybrid=hybrid, noise_dbm0=-68.0)), EchoCanceller()
        heard, left = [], []
        for tx in sent.reshape(-1, 160):
            rx = wires.to_us(np.zeros(160, np.float32), tx, loop=True)
            heard.append(g711.decode(g711.encode(rx, "PCMA"), "PCMA"))
            left.append(canceller.cancel(heard[-1], tx))
        canceller.close()
        loud, quiet = (np.concatenate(one)[5 * 8000 :].astype(np.float64) for one in (heard, left))
        erle_db = 10 * np.log10(np.mean(loud**2) / np.mean(quiet**2))
        loss_db = min(99.0, return_loss_db(hybrid))
        figures.append(
            (f"line: echo on the hybrid {name}", f"{erle_db:.1f} dB off (return loss {loss_db:.0f} dB)")
        )
    return figures
