"""The sentences of what the office's commands refuse, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.backup.texts import SERVER_TEXTS
from firmware.commands.insight_texts import INSIGHT_TEXTS
from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError, Problem

COMMAND_TEXTS: Texts = {
    **INSIGHT_TEXTS,
    **SERVER_TEXTS,
    "second_factor_not_begun": (
        "That took too long. Begin again.",
        "Das hat zu lange gedauert. Bitte von vorn beginnen.",
    ),
    "second_code_wrong": (
        "This code is wrong. Is the telephone's clock right?",
        "Dieser Code ist falsch. Geht die Uhr des Telefons richtig?",
    ),
    "invitation_address_wrong": (
        "The invitation was sent to another address.",
        "Die Einladung ging an eine andere Adresse.",
    ),
    "invitation_gone": ("This invitation counts no more.", "Diese Einladung gilt nicht mehr."),
    "session_gone": ("This login has ended already.", "Diese Anmeldung ist schon beendet."),
    "second_factor_none": ("There is no second factor.", "Es gibt keinen zweiten Faktor."),
    "backup_not_set": (
        "No folder for backups is set: [backup] folder in the settings file.",
        "Kein Ordner für Sicherungen ist eingestellt: [backup] folder in der Einstellungsdatei.",
    ),
    "backup_no_recovery_key": (
        "There is no recovery key yet; without one nobody could open a backup.",
        "Es gibt noch keinen Wiederherstellungsschlüssel; ohne ihn könnte niemand eine Sicherung öffnen.",
    ),
    "backup_runs": ("A backup is being made already.", "Eine Sicherung wird schon gemacht."),
    "age_missing": (
        "The program age, which encrypts backups, is not installed.",
        "Das Programm age, das Sicherungen verschlüsselt, ist nicht installiert.",
    ),
    "age_failed": ("Encrypting failed.", "Das Verschlüsseln ist fehlgeschlagen."),
    "item_not_open": ("This is not open any more.", "Das ist nicht mehr offen."),
    "no_call_shown": (
        "No call is waiting for this desk any more.",
        "Für diesen Platz wartet kein Anruf mehr.",
    ),
    "not_at_desk": ("Log in at the desk first.", "Bitte zuerst am Platz anmelden."),
    "called_back_already": (
        "A callback has been promised to this caller already.",
        "Diesem Anrufer ist schon ein Rückruf zugesagt.",
    ),
    "caller_not_callable": (
        "The rules allow no call to this caller.",
        "Die Regeln erlauben keinen Anruf bei diesem Anrufer.",
    ),
    "campaign_running": (
        "The campaign is running. Pause it first.",
        "Die Kampagne läuft. Bitte zuerst anhalten.",
    ),
    "draft_only": (
        "This campaign has been started already; its settings are changed on its own page.",
        "Diese Kampagne wurde schon gestartet; ihre Einstellungen werden auf ihrer eigenen Seite geändert.",
    ),
    "campaign_not_started": ("The campaign has not been started.", "Die Kampagne wurde nicht gestartet."),
    "campaign_over": ("The campaign has been stopped.", "Die Kampagne ist beendet."),
    "list_schedule_unknown": ("There is no such schedule.", "Diesen Zeitplan gibt es nicht."),
    "list_schedule_running": ("This schedule is running already.", "Dieser Zeitplan läuft gerade schon."),
    "list_schedule_days": (
        "Days are 0 (Monday) to 6 (Sunday), each once.",
        "Tage sind 0 (Montag) bis 6 (Sonntag), jeder einmal.",
    ),
    "list_schedule_time": ("{value} is no time like 06:00.", "{value} ist keine Uhrzeit wie 06:00."),
    "list_schedule_source": (
        "Say which files are meant, by their names: customers*.csv",
        "Geben Sie an, welche Dateien gemeint sind, nach ihrem Namen: kunden*.csv",
    ),
    "list_schedule_results": (
        "Choose whose contacts are called once more; not possible: {value}",
        "Wählen Sie, welche Kontakte noch einmal angerufen werden; nicht möglich: {value}",
    ),
    "list_schedule_rest": ("At most {most} days.", "Höchstens {most} Tage."),
    "recycle_blocked": (
        "{count} contacts stay closed: their number is on a DNC list, or none of their numbers is left.",
        "{count} Kontakte bleiben abgeschlossen: Ihre Nummer steht auf einer Sperrliste, oder keine ist übrig.",
    ),
    "no_file_waiting": (
        "No file {pattern} was waiting in the folder.",
        "Im Ordner lag keine Datei {pattern} bereit.",
    ),
    "file_not_taken": ("{file} cannot be taken: {reason}", "{file} lässt sich nicht übernehmen: {reason}"),
    "last_day_over": (
        "The campaign's last day, {day}, is over.",
        "Der letzte Tag der Kampagne, {day}, ist vorbei.",
    ),
    "no_agents": ("No agent is assigned.", "Es ist kein Agent zugeteilt."),
    "no_abandon_text": (
        "In this mode some people find no agent: write what they hear, with {fields}.",
        "In diesem Verfahren finden manche Menschen keinen Agenten: Schreiben Sie, was sie hören, mit {fields}.",
    ),
    "abandon_text_lacks": (
        "The rules want {field} in what people without an agent hear.",
        "Die Regeln verlangen {field} in dem, was Menschen ohne Agenten hören.",
    ),
    "message_text_lacks": (
        "The rules want {field} in the message of a campaign without agents.",
        "Die Regeln verlangen {field} in der Ansage einer Kampagne ohne Agenten.",
    ),
    "message_field_empty": (
        "The message has {field}, and nothing stands for it.",
        "In der Ansage steht {field}, und es ist nichts dafür eingetragen.",
    ),
    "abandon_field_empty": (
        "What people without an agent hear has {field}, and nothing stands for it.",
        "In dem, was Menschen ohne Agenten hören, steht {field}, und es ist nichts dafür eingetragen.",
    ),
    "no_message": (
        "There is no message for the people who answer.",
        "Es gibt keine Ansage für die Angerufenen.",
    ),
    "agent_unknown": ("There is no agent {id}.", "Den Agenten {id} gibt es nicht."),
    "no_contact_list": ("No contact list is chosen.", "Es ist keine Kontaktliste gewählt."),
    "list_unknown": ("There is no contact list {id}.", "Die Kontaktliste {id} gibt es nicht."),
    "too_many_for_workbook": (
        "A workbook holds at most {most} contacts; export the list as CSV.",
        "Eine Arbeitsmappe fasst höchstens {most} Kontakte; bitte als CSV ausgeben.",
    ),
    "list_empty": (
        "The contact list has nobody left to call.",
        "In der Kontaktliste ist niemand mehr anzurufen.",
    ),
    "list_in_other_campaign": (
        "The running campaign “{campaign}” uses the same contact list.",
        "Die laufende Kampagne „{campaign}“ benutzt dieselbe Kontaktliste.",
    ),
    "register_age_looser": (
        "This register may be at most {days} days old: {source}",
        "Dieses Register darf höchstens {days} Tage alt sein: {source}",
    ),
    "opt_outs_no_register": (
        "The list of opt-outs is no register.",
        "Die Liste der Widersprüche ist kein Register.",
    ),
    "dnc_list_unknown": ("There is no DNC list {id}.", "Die Sperrliste {id} gibt es nicht."),
    "callback_in_past": (
        "A callback needs a time to come.",
        "Eine Wiedervorlage braucht einen Zeitpunkt in der Zukunft.",
    ),
    "callback_campaign_unfit": (
        "No campaign can make this call: none calls the contact’s list, or it is over.",
        "Keine Kampagne kann diesen Anruf machen: keine ruft die Liste des Kontakts an, oder sie ist beendet.",
    ),
    "contact_is_closed": (
        "This contact asked not to be called any more.",
        "Dieser Kontakt wollte nicht mehr angerufen werden.",
    ),
    "callback_to_dnc": (
        "The number is on a DNC list: {lists}",
        "Die Rufnummer steht auf einer Sperrliste: {lists}",
    ),
    "callback_outside_window": (
        "Nobody may be called there then.",
        "Dann darf dort niemand angerufen werden.",
    ),
    "callback_of_another": (
        "This callback is another agent's.",
        "Diese Wiedervorlage gehört einem anderen Agenten.",
    ),
    "owner_not_in_campaign": (
        "{name} does not work for this campaign.",
        "{name} arbeitet nicht für diese Kampagne.",
    ),
    "not_your_call": ("This was another agent's call.", "Das war das Gespräch eines anderen Agenten."),
    "contact_unknown": ("There is no such contact.", "Einen solchen Kontakt gibt es nicht."),
    "why_whom": ("Name a contact or a number.", "Bitte einen Kontakt oder eine Rufnummer nennen."),
    "paper_of_what": (
        "Name an attempt or a number.",
        "Bitte einen Anwahlversuch oder eine Rufnummer nennen.",
    ),
    "consent_in_future": (
        "Consent cannot have been given in the future.",
        "Eine Einwilligung kann nicht in der Zukunft erteilt worden sein.",
    ),
    "consent_ends_first": (
        "The consent would end before it begins.",
        "Die Einwilligung würde enden, bevor sie beginnt.",
    ),
    "scrub_url_unfit": (
        "A scrub service is asked over https:// only, or on this machine.",
        "Ein Abgleichdienst wird nur über https:// gefragt, oder auf dieser Maschine.",
    ),
    "scrub_service_unknown": (
        "This list stands for no scrub service.",
        "Diese Liste steht für keinen Abgleichdienst.",
    ),
    "scrub_silent": ("The scrub service: {reason}.", "Der Abgleichdienst: {reason}."),
    "expiry_past": ("The expiry has passed already.", "Das Ablaufdatum ist schon vorbei."),
    "no_number": ("{text} is no telephone number.", "{text} ist keine Rufnummer."),
    "beginning_malformed": (
        "A beginning of numbers is written +49301*, with the country code: {text}",
        "Ein Rufnummernanfang wird +49301* geschrieben, mit Landesvorwahl: {text}",
    ),
    "no_windows": (
        "Without call windows nobody is ever called.",
        "Ohne Anrufzeiten wird nie jemand angerufen.",
    ),
    "no_trunk": ("No trunk is chosen.", "Es ist keine Amtsleitung gewählt."),
    "unknown_trunk": ("There is no trunk {trunk}.", "Die Amtsleitung {trunk} gibt es nicht."),
    "trunk_down": (
        "The trunk {trunk} cannot be reached.",
        "Die Amtsleitung {trunk} ist nicht erreichbar.",
    ),
    "caller_id_missing": (
        "No caller ID is set; calls without one are not allowed.",
        "Es ist keine Absenderrufnummer gesetzt; Anrufe ohne sie sind nicht erlaubt.",
    ),
    "recording_unreadable": (
        "This is no sound file that can be used: WAV, with something in it.",
        "Das ist keine brauchbare Tondatei: WAV, mit etwas darin.",
    ),
    "admission_closed": (
        "Requests for access are not taken here.",
        "Bitten um Zugang werden hier nicht angenommen.",
    ),
    "admission_full": (
        "Too many requests wait already. Ask the administrator in person.",
        "Es warten schon zu viele Bitten. Bitte wenden Sie sich selbst an die Verwaltung.",
    ),
    "admission_gone": (
        "This request has been decided already.",
        "Über diese Bitte ist schon entschieden.",
    ),
    "admission_login": (
        "Somebody new needs a login.",
        "Wer neu ist, braucht einen Anmeldenamen.",
    ),
    "tape_unknown": (
        "There is no such recording (any more).",
        "Eine solche Aufnahme gibt es nicht (mehr).",
    ),
    "tape_running": (
        "This call is still being recorded.",
        "Dieser Anruf wird noch aufgenommen.",
    ),
    "recording_in_use": (
        "A campaign leaves this recording on machines.",
        "Eine Kampagne hinterlässt diese Aufnahme auf Anrufbeantwortern.",
    ),
    "not_an_upload": (
        "The file is not one of the uploaded files.",
        "Die Datei ist keine der hochgeladenen Dateien.",
    ),
    "imports_busy": (
        "{most} imports are running already. Wait until one is done.",
        "Es laufen schon {most} Importe. Bitte warten, bis einer fertig ist.",
    ),
    "import_unknown": ("There is no such import running.", "Ein solcher Import läuft nicht."),
    "file_too_much": (
        "The file takes more memory than a list ever needs. Split it.",
        "Die Datei braucht mehr Speicher, als eine Liste je braucht. Bitte aufteilen.",
    ),
    "export_failed": ("The list could not be written.", "Die Liste ließ sich nicht schreiben."),
    "mapping_unknown": ("There is no such mapping.", "Eine solche Zuordnung gibt es nicht."),
    "import_cancelled": ("The import was cancelled.", "Der Import wurde abgebrochen."),
    "import_failed": (
        "The import broke off; nothing of a new list was kept.",
        "Der Import brach ab; von einer neuen Liste wurde nichts behalten.",
    ),
    "disk_nearly_full": ("The disk is nearly full.", "Der Datenträger ist fast voll."),
    "dry_runs_busy": (
        "{most} forecasts are being worked out already. Wait until one is done.",
        "Es werden schon {most} Prognosen berechnet. Bitte warten, bis eine fertig ist.",
    ),
    "dry_run_failed": (
        "The forecast could not be worked out.",
        "Die Prognose ließ sich nicht berechnen.",
    ),
    "store_failed": (
        "The database could not be written: {reason}",
        "Die Datenbank ließ sich nicht schreiben: {reason}",
    ),
    "user_unknown": ("There is no user {id}.", "Den Benutzer {id} gibt es nicht."),
    "user_busy": (
        "This agent is on a call or wrapping one up.",
        "Dieser Agent ist im Gespräch oder in der Nachbearbeitung.",
    ),
    "last_administrator": (
        "This is the last administrator.",
        "Das ist der letzte Administrator.",
    ),
    "not_a_network": (
        "{text} is neither an address nor a network.",
        "{text} ist weder eine Adresse noch ein Netz.",
    ),
    "webhook_url_unfit": (
        "This is no address for a webhook: {text}",
        "Das ist keine Adresse für einen Webhook: {text}",
    ),
    "webhook_address_unfit": (
        "The settings of the box do not let webhooks reach {text}.",
        "Die Einstellungen der Anlage lassen Webhooks nicht zu {text}.",
    ),
    "webhook_needs_tls": (
        "Outside the office webhooks go over https:// only: {text}",
        "Außerhalb des Büros gehen Webhooks nur über https://: {text}",
    ),
    "webhook_unknown": ("There is no webhook {id}.", "Den Webhook {id} gibt es nicht."),
    "too_many_webhooks": ("There can be {most} webhooks.", "Es kann {most} Webhooks geben."),
    "set_up_already": ("The box is set up already.", "Die Anlage ist schon eingerichtet."),
    "code_wrong": ("This is not the set-up code.", "Das ist nicht der Einrichtungscode."),
    "too_many_tries": (
        "Too many wrong codes. Try again in {seconds} s.",
        "Zu viele falsche Codes. Bitte in {seconds} s wieder versuchen.",
    ),
}


def problem(where: str, key: str, /, **figures: Any) -> Problem:
    """Make a problem of ``COMMAND_TEXTS``."""
    return made(COMMAND_TEXTS, where, key, **figures)


def refuse(where: str, key: str, /, **figures: Any) -> OperatorError:
    """Make the error that carries one problem."""
    return OperatorError(problem(where, key, **figures))
