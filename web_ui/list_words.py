"""Sentences for what stands against schedules of contact lists and their runs; a part of ``problem_words``."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "list_schedule_unknown": (N_("There is no such schedule."),),
    "list_schedule_running": (N_("This schedule is running already."),),
    "list_schedule_days": (N_("Days are 0 (Monday) to 6 (Sunday), each once."),),
    "list_schedule_time": (N_("{value} is no time like 06:00."),),
    "list_schedule_source": (N_("Say which files are meant, by their names: customers*.csv"),),
    "list_schedule_results": (N_("Choose whose contacts are called once more; not possible: {value}"),),
    "list_schedule_rest": (N_("At most {most} days."),),
    "recycle_blocked": (
        N_("{count} contacts stay closed: their number is on a DNC list, or none of their numbers is left."),
    ),
    "no_file_waiting": (N_("No file {pattern} was waiting in the folder."),),
    "file_not_taken": (N_("{file} cannot be taken: {reason}"),),
}
