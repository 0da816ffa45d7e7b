"""Draws an explanation: waveform, level and speech, the model's odds over time, tones, the verdict and its sentence.

The only place that uses Pillow.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dsp import Odds
from dsp.frames import SAMPLE_RATE_HZ
from firmware.listen.classify import status
from firmware.listen.explain import Explanation

_SIZE = (1400, 800)
_LEFT, _RIGHT = 90, 1240
_TITLE, _WAVE, _LEVEL, _ODDS, _TONES = 14, (84, 264), (284, 404), (424, 644), (664, 744)
_INK, _FAINT, _PAPER = "#1c2733", "#d8dee4", "#ffffff"
_WAVE_INK, _SPEECH, _LEVEL_INK, _TONE, _BEEP = "#4a6785", "#cfe8d5", "#2f7d4f", "#f2c46d", "#c0392b"
_COLOURS = ("#1f77b4", "#d62728", "#9467bd", "#7f7f7f", "#ff7f0e", "#17becf", "#8c564b", "#2ca02c")
_QUIETEST_DB = -70.0
_STEP_S = 0.1
_LONGEST_S = 60.0
"""More than a minute would be drawn too small to see anything."""
_TICKS_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_MOST_TICKS = 16
_MOST_LABEL_CHARACTERS = 34


def draw(found: Explanation, path: Path) -> None:
    """Write the picture as PNG. Raises ``OSError``."""
    image = Image.new("RGB", _SIZE, _PAPER)
    picture = _Picture(ImageDraw.Draw(image), found)
    picture.speech()
    picture.wave()
    picture.level()
    picture.odds()
    picture.tones()
    picture.axis()
    picture.verdict()
    image.save(path, format="PNG")


class _Picture:
    def __init__(self, canvas: ImageDraw.ImageDraw, found: Explanation) -> None:
        self._canvas = canvas
        self._found = found
        self._font = ImageFont.load_default(15)
        self._title = ImageFont.load_default(22)
        self._start_s = -found.early_media_s
        last_s = max([found.word.heard_ms / 1000, *(point.at_ms / 1000 for point in found.hearing.track)])
        end_s = max(found.seconds - found.early_media_s, last_s) + 0.2
        self._end_s = min(end_s, self._start_s + _LONGEST_S)

    def _x(self, at_s: float) -> float:
        share = (at_s - self._start_s) / (self._end_s - self._start_s)
        return _LEFT + min(1.0, max(0.0, share)) * (_RIGHT - _LEFT)

    def _frame(self, name: str, box: tuple[int, int]) -> None:
        self._canvas.rectangle((_LEFT, box[0], _RIGHT, box[1]), outline=_FAINT)
        self._canvas.text((8, box[0]), name, fill=_INK, font=self._font)

    def wave(self) -> None:
        """Smallest and largest sample of each column."""
        self._frame("sound", _WAVE)
        samples = self._found.samples[: int((self._end_s - self._start_s) * SAMPLE_RATE_HZ)]
        middle, half = (_WAVE[0] + _WAVE[1]) / 2, (_WAVE[1] - _WAVE[0]) / 2 - 2
        width = max(1, int(self._x(self._start_s + len(samples) / SAMPLE_RATE_HZ)) - _LEFT)
        loudest = max(1000, int(np.abs(samples.astype(np.int32)).max()))
        for column, part in enumerate(np.array_split(samples, min(width, len(samples)))):
            low, high = (float(value) / loudest * half for value in (part.min(), part.max()))
            x = _LEFT + column
            self._canvas.line((x, middle - high, x, middle - low), fill=_WAVE_INK)

    def speech(self) -> None:
        """Where the model hears a voice, behind waveform and level."""
        for point in self._found.hearing.track:
            if point.odds.speech >= 0.5:
                left, right = self._x(point.at_ms / 1000 - _STEP_S), self._x(point.at_ms / 1000)
                for top, bottom in (_WAVE, _LEVEL):
                    self._canvas.rectangle((left, top, right, bottom), fill=_SPEECH)

    def level(self) -> None:
        """Of the sound, in dB below full scale, until the verdict."""
        self._frame("level, dB", _LEVEL)
        self._canvas.text((50, _LEVEL[0] + 18), "0", fill=_INK, font=self._font)
        self._canvas.text((50, _LEVEL[1] - 18), f"{_QUIETEST_DB:.0f}", fill=_INK, font=self._font)
        line = [
            (self._x(point.at_ms / 1000 - _STEP_S / 2), _height(_LEVEL, 1 - point.level_db / _QUIETEST_DB))
            for point in self._found.hearing.track
        ]
        if len(line) > 1:
            self._canvas.line(line, fill=_LEVEL_INK, width=2)
        self._canvas.text((_RIGHT + 10, _LEVEL[0]), "voice heard", fill=_LEVEL_INK, font=self._font)

    def odds(self) -> None:
        """What the model believed after every step."""
        self._frame("odds", _ODDS)
        track = self._found.hearing.track
        names = [field.name for field in fields(Odds) if field.name != "speech"]
        for place, name in enumerate(names):
            colour = _COLOURS[place % len(_COLOURS)]
            line = [
                (self._x(point.at_ms / 1000), _height(_ODDS, float(getattr(point.odds, name))))
                for point in track
            ]
            if len(line) > 1:
                self._canvas.line(line, fill=colour, width=3)
            self._canvas.text((_RIGHT + 10, _ODDS[0] + 20 * place), name, fill=colour, font=self._font)

    def tones(self) -> None:
        """A bar for each tone."""
        self._frame("tones", _TONES)
        for place, tone in enumerate(self._found.tones):
            start_s, end_s = (ms / 1000 + self._start_s for ms in (tone.start_ms, tone.end_ms))
            top = _TONES[0] + 4 + place % 3 * 25
            left = self._x(start_s)
            self._canvas.rectangle((left, top, max(left + 3, self._x(end_s)), top + 20), fill=_TONE)
            words = f"{tone.kind} {tone.detail}"[:_MOST_LABEL_CHARACTERS]
            self._canvas.text((left + 3, top + 1), words, fill=_INK, font=self._font)

    def axis(self) -> None:
        """Seconds since the answer."""
        length_s = self._end_s - self._start_s
        step_s = next((step for step in _TICKS_S if length_s / step <= _MOST_TICKS), _TICKS_S[-1])
        for tick in range(int(np.ceil(self._start_s / step_s)), int(self._end_s / step_s) + 1):
            x = self._x(tick * step_s)
            self._canvas.line((x, _TONES[1], x, _TONES[1] + 6), fill=_INK)
            self._canvas.text((x - 8, _TONES[1] + 10), f"{tick * step_s:g}", fill=_INK, font=self._font)
        self._canvas.text((_RIGHT + 10, _TONES[1] + 10), "s since the answer", fill=_INK, font=self._font)

    def verdict(self) -> None:
        """The sentence on top, and lines at the answer, the verdict and the beep."""
        word, hearing = self._found.word, self._found.hearing
        if self._found.early_media_s:
            self._mark(0.0, "answer", _INK)
        self._mark(word.heard_ms / 1000, status(word.label), _INK)
        if hearing.beep_ms is not None:
            self._mark(hearing.beep_ms / 1000, "beep", _BEEP)
        title = f"{status(word.label)} ({word.confidence:.2f}) after {word.heard_ms / 1000:.2f} s"
        self._canvas.text((_LEFT, _TITLE), title, fill=_INK, font=self._title)
        name = self._found.file.name
        self._canvas.text((_RIGHT, _TITLE + 4), name, fill=_INK, font=self._font, anchor="ra")
        self._canvas.text((_LEFT, _TITLE + 30), word.words[self._found.language], fill=_INK, font=self._font)

    def _mark(self, at_s: float, words: str, colour: str) -> None:
        x = self._x(at_s)
        self._canvas.line((x, _WAVE[0], x, _TONES[1]), fill=colour, width=2)
        self._canvas.text((x + 4, _WAVE[0] + 2), words, fill=colour, font=self._font)


def _height(box: tuple[int, int], share: float) -> float:
    """The place of 0..1 in a box, 1 on top."""
    return box[1] - min(1.0, max(0.0, share)) * (box[1] - box[0])
