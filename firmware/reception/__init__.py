"""Calls that come in, carried out: what ``firmware.inbound`` decides is done here, one ``Incoming`` per call."""

from firmware.reception.live import Incoming
from firmware.reception.reception import Reception
from firmware.reception.settings import ReceptionSettings, settings_of
from firmware.reception.voice import Voice

__all__ = ["Incoming", "Reception", "ReceptionSettings", "Voice", "settings_of"]
