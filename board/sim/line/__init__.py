"""An analog telephone line, simulated: the wires (`port`) and the network behind them. See README.md."""

from board.sim.line.far_end import FarEnd, HangUp, IncomingCall, Outcome, Talker, recording
from board.sim.line.fsk import BELL_202, V23, Modulation
from board.sim.line.hybrid import HYBRIDS, Channel, Hybrid, return_loss_db
from board.sim.line.messages import Caller
from board.sim.line.pace import Pace
from board.sim.line.port import (
    FRAME_MS,
    FRAME_SAMPLES,
    Change,
    ChangeKind,
    Electrical,
    Hook,
    LinePort,
    Polarity,
    Samples,
)
from board.sim.line.profile import PROFILES, CallerIdCustom, Profile, profile
from board.sim.line.sim import Faults, LineSim
from board.sim.line.switch import Phase, Seen

__all__ = [
    "BELL_202",
    "FRAME_MS",
    "FRAME_SAMPLES",
    "HYBRIDS",
    "PROFILES",
    "V23",
    "Caller",
    "CallerIdCustom",
    "Change",
    "ChangeKind",
    "Channel",
    "Electrical",
    "FarEnd",
    "Faults",
    "HangUp",
    "Hook",
    "Hybrid",
    "IncomingCall",
    "LinePort",
    "LineSim",
    "Modulation",
    "Outcome",
    "Pace",
    "Phase",
    "Polarity",
    "Profile",
    "Samples",
    "Seen",
    "Talker",
    "profile",
    "recording",
    "return_loss_db",
]
