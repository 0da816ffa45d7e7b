"""The sentences of what goes wrong with a server for backups, by key, in English and German."""

from __future__ import annotations

from firmware.compliance.texts import Texts

SERVER_TEXTS: Texts = {
    "backup_no_server": (
        "Backups go to a folder, not to a server.",
        "Sicherungen gehen in einen Ordner, nicht auf einen Server.",
    ),
    "backup_no_ssh": (
        "OpenSSH, which brings backups to a server, is not installed.",
        "OpenSSH, das Sicherungen auf einen Server bringt, ist nicht installiert.",
    ),
    "backup_host_unknown": (
        "Nobody has confirmed yet that this is the right server. Compare its fingerprint on the page “Backup”.",
        "Noch hat niemand bestätigt, dass es der richtige Server ist. Vergleichen Sie seinen Fingerabdruck auf der "
        "Seite „Sicherung“.",
    ),
    "backup_host_changed": (
        "The server shows another key than the one confirmed. Ask whoever runs it; if it was set up anew, compare and "
        "confirm its fingerprint once more.",
        "Der Server weist sich anders aus als bestätigt. Fragen Sie, wer ihn betreibt; wurde er neu eingerichtet, "
        "vergleichen und bestätigen Sie seinen Fingerabdruck noch einmal.",
    ),
    "backup_key_refused": (
        "The server does not let the box in. Put the box's key into authorized_keys of this user there.",
        "Der Server lässt die Anlage nicht hinein. Tragen Sie ihren Schlüssel dort in authorized_keys dieses "
        "Benutzers ein.",
    ),
    "backup_name_unknown": (
        "Nobody knows the name of the server. Is it typed right, and does the box have a name server?",
        "Niemand kennt den Namen des Servers. Ist er richtig geschrieben, und hat die Anlage einen Namensserver?",
    ),
    "backup_unreachable": (
        "The server does not answer. Is it switched on, and does its firewall let the box in?",
        "Der Server antwortet nicht. Ist er eingeschaltet, und lässt seine Firewall die Anlage durch?",
    ),
    "backup_no_sftp": (
        "The server lets the box in but offers no SFTP. Switch it on there.",
        "Der Server lässt die Anlage hinein, bietet aber kein SFTP an. Schalten Sie es dort ein.",
    ),
    "backup_remote_folder": (
        "The folder is not there on the server. Make it, or correct its name.",
        "Den Ordner gibt es auf dem Server nicht. Legen Sie ihn an oder berichtigen Sie seinen Namen.",
    ),
    "backup_remote_denied": (
        "The box may not write into the folder on the server. Make this user its owner there.",
        "Die Anlage darf in den Ordner auf dem Server nicht schreiben. Geben Sie ihn dort diesem Benutzer.",
    ),
    "backup_remote_full": (
        "The server could not take the file. Is its disk or this user's share of it full?",
        "Der Server konnte die Datei nicht annehmen. Ist seine Platte oder der Anteil dieses Benutzers voll?",
    ),
    "backup_remote": (
        "The server refused; the journal of the box has its words.",
        "Der Server hat abgelehnt; im Protokoll der Anlage steht, was er gesagt hat.",
    ),
}
