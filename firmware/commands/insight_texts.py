"""The sentences of what commands about reports, mail, alerts, wallboards and privacy refuse; part of ``texts``."""

from __future__ import annotations

from firmware.compliance.texts import Texts

INSIGHT_TEXTS: Texts = {
    "report_not_asked": (
        "This is not what a report can ask for.",
        "Danach kann ein Bericht nicht fragen.",
    ),
    "mail_not_set": (
        "No mail server is set: [mail] host in the settings file.",
        "Kein Mailserver ist eingestellt: [mail] host in der Einstellungsdatei.",
    ),
    "mail_address_wrong": (
        "{value} is not an e-mail address.",
        "{value} ist keine E-Mail-Adresse.",
    ),
    "schedule_day_wrong": (
        "Weekly: a day of the week. Monthly: a day from 1 to 28.",
        "Wöchentlich: ein Wochentag. Monatlich: ein Tag von 1 bis 28.",
    ),
    "schedule_running": (
        "This report is being made already.",
        "Dieser Bericht wird gerade erstellt.",
    ),
    "alert_receiver_twice": (
        "{address} is told already.",
        "{address} wird schon benachrichtigt.",
    ),
    "wall_figures_wrong": (
        "Choose four to six figures, each of them once.",
        "Wählen Sie vier bis sechs Kennzahlen, jede einmal.",
    ),
    "wall_target_wrong": (
        "A target is a number from 0 to 1,000,000.",
        "Ein Ziel ist eine Zahl von 0 bis 1.000.000.",
    ),
    "retention_days_wrong": (
        "{name}: from {least} to {most} days.",
        "{name}: {least} bis {most} Tage.",
    ),
    "retention_runs": (
        "Old data are being deleted already.",
        "Alte Daten werden gerade gelöscht.",
    ),
    "erasure_call_under_way": (
        "There is a call with this number right now. Erase it when the call is over.",
        "Mit dieser Nummer wird gerade telefoniert. Löschen Sie sie, wenn das Gespräch beendet ist.",
    ),
}
