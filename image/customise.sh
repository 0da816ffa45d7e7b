#!/bin/bash
# What is changed in Debian's part once its packages are there: `customise.sh ROOT`, called by steps/20-rootfs.sh.
# Nothing of Debian starts by itself but what a box needs; nothing in it is unique to one box.

set -euo pipefail
root=$1

chroot "$root" systemctl enable --quiet avahi-daemon systemd-networkd systemd-resolved systemd-timesyncd nftables
chroot "$root" systemctl disable --quiet kamailio nginx rtpengine-daemon ssh
chroot "$root" systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    systemd-firstboot.service getty@.service serial-getty@.service console-getty.service \
    e2scrub_reap.service rsync.service fstrim.timer ssh.service ssh.socket
# Nothing here asks for these file systems, records and modules, and every start of the box would make them.
chroot "$root" systemctl mask --quiet sys-kernel-{config,debug,tracing}.mount sys-fs-fuse-connections.mount dev-{hugepages,mqueue}.mount \
    modprobe@{configfs,dm_mod,drm,efi_pstore,fuse,loop}.service proc-sys-fs-binfmt_misc.automount systemd-binfmt.service \
    systemd-{pstore,repart,sysusers,update-utmp,update-utmp-runlevel}.service
# No password fits; a locked account would shut out keys as well.
chroot "$root" usermod --password '*' root
chroot "$root" update-initramfs -u -k all
rm -rf "$root"/var/lib/dbus/machine-id "$root"/etc/ssh "$root"/var/log/*.log "$root"/var/log/apt/* \
    "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/etc/*-  "$root"/var/cache/ldconfig/aux-cache \
    "$root"/etc/nginx/sites-enabled/default "$root"/root/.cache
echo uninitialized >"$root/etc/machine-id"
mkdir -p "$root/data" "$root/opt/strowger"
