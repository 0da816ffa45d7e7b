"""The demonstration: the whole box and a simulated telephone exchange on one machine, dialling a sample campaign."""

from firmware.run.demonstration import Demonstration, Options, demonstrate

__all__ = ["Demonstration", "Options", "demonstrate"]
