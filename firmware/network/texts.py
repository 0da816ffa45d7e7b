"""The sentences of what is refused about the box's own address, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import Problem

NETWORK_TEXTS: Texts = {
    "network_not_flashed": (
        "This machine was not flashed from an image; its address is its own system's business.",
        "Diese Maschine wurde nicht aus einem Abbild bespielt; ihre Adresse regelt ihr eigenes System.",
    ),
    "network_no_address": (
        "{text} is no IPv4 address. It has four numbers up to 255, like 192.168.1.20.",
        "{text} ist keine IPv4-Adresse. Sie hat vier Zahlen bis 255, etwa 192.168.1.20.",
    ),
    "network_prefix": (
        "{text} is no size of a network: write 24 or 255.255.255.0; from 8 to 30.",
        "{text} ist keine Netzgröße: Schreiben Sie 24 oder 255.255.255.0; von 8 bis 30.",
    ),
    "network_not_usable": (
        "No machine in an office can have the address {text}.",
        "Die Adresse {text} kann in einem Büro keine Maschine haben.",
    ),
    "network_not_a_host": (
        "{text} means the whole network {network}, not one machine in it.",
        "{text} meint das ganze Netz {network}, nicht eine Maschine darin.",
    ),
    "network_gateway_outside": (
        "The gateway {text} is not in the network {network}, so the box would never reach it.",
        "Der Router {text} liegt nicht im Netz {network}; die Anlage würde ihn nie erreichen.",
    ),
    "network_own": (
        "{text} is the box itself.",
        "{text} ist die Anlage selbst.",
    ),
    "network_dns_many": (
        "At most two name servers.",
        "Höchstens zwei Namensserver.",
    ),
    "network_dns_outside": (
        "Without a gateway the box does not get out of {network}, where the name server {text} is.",
        "Ohne Router kommt die Anlage nicht aus dem Netz {network} hinaus zum Namensserver {text}.",
    ),
    "network_port": (
        "The box has no network port {text}.",
        "Die Anlage hat keinen Netzwerkanschluss {text}.",
    ),
    "network_no_trial": (
        "No address is being tried: the three minutes are over, and the old settings are back.",
        "Es wird keine Adresse ausprobiert: Die drei Minuten sind um, die alten Einstellungen gelten wieder.",
    ),
    "network_elsewhere": (
        "Open this page at {address} and confirm there: that shows that the new address works.",
        "Öffnen Sie diese Seite unter {address} und bestätigen Sie dort: Das zeigt, dass die neue Adresse taugt.",
    ),
}


def problem(where: str, key: str, /, **figures: Any) -> Problem:
    """One thing wrong with what was typed."""
    return made(NETWORK_TEXTS, where, key, **figures)
