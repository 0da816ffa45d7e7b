"""The side that faces the network: Kamailio (signalling, registrar, guard) and rtpengine. See README.md."""

from firmware.edge.begun import begun
from firmware.edge.edge import Edge
from firmware.edge.phone_book import BROWSER_SUFFIX, ha1
from firmware.edge.plan import Plan, Trunk
from firmware.edge.render import Rendered, check, render, render_plan

__all__ = [
    "BROWSER_SUFFIX",
    "Edge",
    "Plan",
    "Rendered",
    "Trunk",
    "begun",
    "check",
    "ha1",
    "render",
    "render_plan",
]
