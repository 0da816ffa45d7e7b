"""Words for the box as a machine: updates, settings, the registration test, what stands against them."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

BACKUP_SERVER: Mapping[str, str] = {
    "backup_no_server": N_("Backups go to a folder, not to a server."),
    "backup_no_ssh": N_("OpenSSH, which brings backups to a server, is not installed."),
    "backup_host_unknown": N_(
        "Nobody has confirmed yet that this is the right server. Compare its fingerprint on the page “Backup”."
    ),
    "backup_host_changed": N_(
        "The server shows another key than the one confirmed. Ask whoever runs it; if it was set up anew, compare and "
        "confirm its fingerprint once more."
    ),
    "backup_key_refused": N_(
        "The server does not let the box in. Put the box's key into authorized_keys of this user there."
    ),
    "backup_name_unknown": N_(
        "Nobody knows the name of the server. Is it typed right, and does the box have a name server?"
    ),
    "backup_unreachable": N_(
        "The server does not answer. Is it switched on, and does its firewall let the box in?"
    ),
    "backup_no_sftp": N_("The server lets the box in but offers no SFTP. Switch it on there."),
    "backup_no_smbclient": N_("smbclient, which brings backups to a share, is not installed."),
    "backup_no_password": N_("Nobody has typed the password of the share yet. Type it on the page “Backup”."),
    "backup_password_odd": N_("The password has 1 to {most} signs and does not begin with a space."),
    "backup_password_refused": N_(
        "The server refuses the user or the password. Type the password once more; a user of a Windows "
        "domain is written DOMAIN;USER."
    ),
    "backup_account_shut": N_(
        "The server knows the user, but does not let him in now: he is locked or switched off, or his "
        "password has expired. Whoever runs the server can change that."
    ),
    "backup_smb1": N_(
        "The server answers, but not in SMB 2 or 3. Switch one of them on there: SMB 1 is not safe, and "
        "the box does not speak it."
    ),
    "backup_share_unknown": N_("There is no such share on the server. Make it, or correct its name."),
    "backup_share_denied": N_(
        "The server does not let this user into the share. Give him the right to read and to change there."
    ),
    "backup_remote_folder": N_("The folder is not there on the server. Make it, or correct its name."),
    "backup_remote_denied": N_(
        "The box may not write into the folder on the server. Make this user its owner there."
    ),
    "backup_remote_full": N_(
        "The server could not take the file. Is its disk or this user's share of it full?"
    ),
    "backup_remote": N_("The server refused; the journal of the box has its words."),
}
"""What goes wrong with a server that backups go to."""
PROBLEMS: Mapping[str, tuple[str, ...]] = {
    **{key: (text,) for key, text in BACKUP_SERVER.items()},
    "update_no_file": (N_("There is no file {file}."),),
    "update_not_a_bundle": (N_("This file is not an update, or it is damaged. Please fetch it again."),),
    "update_damaged": (
        N_("The update is damaged: its contents are not what was signed. Please fetch it again."),
    ),
    "update_stranger": (N_("The update is signed by somebody this box does not trust."),),
    "update_other_board": (N_("The update is for another board: it is for {theirs}, this is {ours}."),),
    "update_too_old": (
        N_("Version {version} is older than this box allows; the oldest it takes is {minimum}."),
    ),
    "update_calls": (N_("There are calls now ({calls}). Install it later, or by force."),),
    "update_under_way": (N_("An update is being installed already."),),
    "update_nothing_installed": (N_("No update has been installed that a restart would start."),),
    "update_no_slots": (N_("This machine has no slots to update: it is not a flashed box."),),
    "update_plan_past": (N_("This time has passed already."),),
    "update_not_planned": (N_("No update is planned."),),
    "update_nothing_to_go_back_to": (
        N_("There is no other version on this box that has ever proved itself here."),
    ),
    "update_other_cannot_read": (
        N_(
            "Version {version} cannot read the data of this one any more. Install it as a bundle and put a backup back."
        ),
    ),
    "update_too_large": (N_("The file is larger than any update ({size} MB; at most {most} MB)."),),
    "update_no_room": (
        N_("There is too little room on the disk: {free} MB are free, {size} MB are needed."),
    ),
    "update_failed": (N_("The update could not be installed: {reason}"),),
    "settings_no_file": (
        N_("The box was started without a settings file, so its pages cannot change settings."),
    ),
    "settings_not_here": (N_("{value} is not set on the pages."),),
    "settings_unreadable": (N_("What was set on the pages cannot be read: {reason}"),),
    "settings_no_undo": (N_("There is no change to take back."),),
    "settings_in_file": (
        N_("The trunk {value} stands in the settings file of the box and is taken away there."),
    ),
    "trunk_unknown": (N_("There is no trunk {value}."),),
    "calls_now": (N_("There are calls now ({calls}); a restart would end them. Later, or by force."),),
    "restart_by_hand": (
        N_("This box does not restart itself; run: systemctl restart strowger-edge strowger strowger-web"),
    ),
    "reset_not_flashed": (
        N_("This machine was not flashed from an image; a factory reset would not know what is the box's."),
    ),
    "reset_on_trial": (N_("A new version is still proving itself. Wait until it has."),),
    "reset_not_asked": (N_("Nobody has asked for a reset within the last ten minutes."),),
    "reset_code_wrong": (N_("This is not the code. Begin again."),),
    "access_not_flashed": (
        N_("This machine was not flashed from an image; how technicians get in is its owner's business."),
    ),
    "network_not_flashed": (
        N_("This machine was not flashed from an image; its address is its own system's business."),
    ),
    "network_no_address": (
        N_("{text} is no IPv4 address. It has four numbers up to 255, like 192.168.1.20."),
    ),
    "network_prefix": (N_("{text} is no size of a network: write 24 or 255.255.255.0; from 8 to 30."),),
    "network_not_usable": (N_("No machine in an office can have the address {text}."),),
    "network_not_a_host": (N_("{text} means the whole network {network}, not one machine in it."),),
    "network_gateway_outside": (
        N_("The gateway {text} is not in the network {network}, so the box would never reach it."),
    ),
    "network_own": (N_("{text} is the box itself."),),
    "network_dns_many": (N_("At most two name servers."),),
    "network_dns_outside": (
        N_("Without a gateway the box does not get out of {network}, where the name server {text} is."),
    ),
    "network_port": (N_("The box has no network port {text}."),),
    "network_no_trial": (
        N_("No address is being tried: the three minutes are over, and the old settings are back."),
    ),
    "network_elsewhere": (
        N_("Open this page at {address} and confirm there: that shows that the new address works."),
    ),
    "step_unknown": (N_("There is no such step."),),
}
TRUNK_TEST: Mapping[str, str] = {
    "trunk_registers": N_(
        "The provider knows this user and takes the password. Calls can come in and go out."
    ),
    "trunk_answers": N_(
        "The provider answers. It knows the box by its address, so there is no password to try."
    ),
    "trunk_silent": N_(
        "{host} does not answer. Is the name right, and does the office's firewall let SIP out?"
    ),
    "trunk_name_unknown": N_("Nobody knows the name {host}. Is it typed as the provider writes it?"),
    "trunk_not_trusted": N_("{host} does not prove who it is ({reason}); without that no password is sent."),
    "trunk_unreachable": N_("{host} cannot be reached: {reason}"),
    "trunk_password_wrong": N_("The provider refuses the user name or the password."),
    "trunk_user_unknown": N_("The provider does not know this user name."),
    "trunk_digest_unknown": N_("The provider asks for the password in a way this box does not know."),
    "trunk_refused": N_("The provider refuses with the status {status}."),
}
"""What a registration test found."""
HEALTH: Mapping[str, str] = {
    "backup_host_unknown": BACKUP_SERVER["backup_host_unknown"],
    "backup_no_password": BACKUP_SERVER["backup_no_password"],
    "update_due": N_("An update is due and waits for the last call; no new ones are placed."),
    "crash_loop": N_(
        "The service crashed {count} times in a quarter of an hour. Campaigns rest; callers and emergency calls go on."
    ),
    "power_on_battery": N_("The mains are gone: on battery ({percent} %). No new calls are placed."),
    "power_low": N_("The battery is low ({percent} %): the box switches itself off."),
    "power_unknown": N_("Nothing is heard of the supply {ups} at {server}."),
}
CHECKS: Mapping[str, str] = {
    "update": N_("Update"),
    "crashes": N_("Service"),
    "power": N_("Power"),
}
