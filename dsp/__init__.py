"""The ears: 8 kHz audio of one leg in; tones, digits and the verdict on who answered out.

Knows nothing of calls, SIP or the rest of the box. See README.md.
"""

from dsp.amd import AmdSettings, Label, Odds, Verdict
from dsp.analyser import Analyser, Event, TrackPoint
from dsp.later import Flip, GreetingEnd, SpokeAgain
from dsp.model import AmdModel, ModelError
from dsp.tones import Digit, Tone

__all__ = [
    "AmdModel",
    "AmdSettings",
    "Analyser",
    "Digit",
    "Event",
    "Flip",
    "GreetingEnd",
    "Label",
    "ModelError",
    "Odds",
    "SpokeAgain",
    "Tone",
    "TrackPoint",
    "Verdict",
]
