"""Refusals about reports, mail, alerts, wallboards and privacy in sentences; part of ``problem_words``."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "report_not_asked": (N_("This is not what a report can ask for."),),
    "report_view_unknown": (N_("This saved report is gone."),),
    "report_view_of_another": (N_("Only who saved a report can remove it."),),
    "report_schedule_unknown": (N_("This e-mail is no longer planned."),),
    "mail_not_set": (N_("No mail server is set: [mail] host in the settings file."),),
    "mail_address_wrong": (N_("{value} is not an e-mail address."),),
    "schedule_day_wrong": (N_("Weekly: a day of the week. Monthly: a day from 1 to 28."),),
    "schedule_running": (N_("This report is being made already."),),
    "alert_unknown": (N_("There is no such alert."),),
    "alert_receiver_unknown": (N_("This receiver is gone."),),
    "alert_receiver_twice": (N_("{address} is told already."),),
    "wall_unknown": (N_("This wallboard is gone."),),
    "wall_figures_wrong": (N_("Choose four to six figures, each of them once."),),
    "wall_target_wrong": (N_("A target is a number from 0 to 1,000,000."),),
    "retention_days_wrong": (N_("{name}: from {least} to {most} days."),),
    "retention_runs": (N_("Old data are being deleted already."),),
    "erasure_call_under_way": (
        N_("There is a call with this number right now. Erase it when the call is over."),
    ),
}
