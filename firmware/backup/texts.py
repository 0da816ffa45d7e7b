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
    "backup_no_smbclient": (
        "smbclient, which brings backups to a share, is not installed.",
        "smbclient, das Sicherungen auf eine Freigabe bringt, ist nicht installiert.",
    ),
    "backup_no_password": (
        "Nobody has typed the password of the share yet. Type it on the page “Backup”.",
        "Noch hat niemand das Passwort der Freigabe eingegeben. Geben Sie es auf der Seite „Sicherung“ ein.",
    ),
    "backup_password_odd": (
        "The password has 1 to {most} signs and does not begin with a space.",
        "Das Passwort hat 1 bis {most} Zeichen und beginnt nicht mit einem Leerzeichen.",
    ),
    "backup_password_refused": (
        "The server refuses the user or the password. Type the password once more; a user of a Windows "
        "domain is written DOMAIN;USER.",
        "Der Server weist Benutzer oder Passwort ab. Geben Sie das Passwort noch einmal ein; ein Benutzer"
        " einer Windows-Domäne schreibt sich DOMÄNE;BENUTZER.",
    ),
    "backup_account_shut": (
        "The server knows the user, but does not let him in now: he is locked or switched off, or his "
        "password has expired. Whoever runs the server can change that.",
        "Der Server kennt den Benutzer, lässt ihn aber gerade nicht hinein: Er ist gesperrt oder "
        "abgeschaltet, oder sein Passwort ist abgelaufen. Das ändert, wer den Server betreibt.",
    ),
    "backup_smb1": (
        "The server answers, but not in SMB 2 or 3. Switch one of them on there: SMB 1 is not safe, and "
        "the box does not speak it.",
        "Der Server antwortet, aber nicht mit SMB 2 oder 3. Schalten Sie eines davon dort ein: SMB 1 ist "
        "nicht sicher, und die Anlage spricht es nicht.",
    ),
    "backup_share_unknown": (
        "There is no such share on the server. Make it, or correct its name.",
        "Diese Freigabe gibt es auf dem Server nicht. Legen Sie sie an oder berichtigen Sie ihren Namen.",
    ),
    "backup_share_denied": (
        "The server does not let this user into the share. Give him the right to read and to change there.",
        "Der Server lässt diesen Benutzer nicht in die Freigabe. Geben Sie ihm dort das Recht zum Lesen "
        "und Ändern.",
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
