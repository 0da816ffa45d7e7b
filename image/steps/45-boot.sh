#!/bin/bash
# What the firmware of a Raspberry Pi reads to start a slot, as the file system of a boot partition: the firmware's own
# parts, kernel, initrd and device trees out of the root file system, settings, a command line for either slot.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

[ "$arch" != amd64 ] || exit 0
root=$(latest root)

command_line() { sed -e "s/@{slot}/$1/" -e "s/@{partition}/$2/" "$image/$arch/cmdline.txt"; }

make_boot() {
    local from=$folder/root to=$folder/files
    mkdir "$to"
    unsquashfs -q -n -d "$from" "$root" vmlinuz initrd.img boot usr/lib/raspi-firmware 'usr/lib/linux-image-*'
    cp -L "$from/vmlinuz" "$from/initrd.img" "$to/"
    cp "$from"/usr/lib/raspi-firmware/{start4.elf,fixup4.dat} "$from"/usr/lib/linux-image-*/broadcom/bcm2711-*.dtb "$to/"
    # Firmware from before there were two boot partitions asks for the other name when it is to try one.
    cp "$image/$arch/config.txt" "$to/config.txt"
    cp "$image/$arch/config.txt" "$to/tryboot.txt"
    command_line A 05 >"$to/cmdline-a.txt"
    command_line B 06 >"$to/cmdline-b.txt"
    cp "$to/cmdline-a.txt" "$to/cmdline.txt"
    find "$to" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    truncate -s 128M "$folder/boot.vfat"
    mkfs.vfat -F 32 -n BOOT -i 57524f49 --invariant "$folder/boot.vfat"
    mcopy -m -i "$folder/boot.vfat" "$to"/* ::
}

key=$(digest "$root" "$(tree "image/$arch/config.txt" "image/$arch/cmdline.txt" image/steps/45-boot.sh)")
if have boot "$key"; then
    say "boot partition: already there"
    exit 0
fi
workplace
quietly "The boot partition could not be made." make_boot
keep boot "$key" "$folder/boot.vfat"
say "boot partition: $(megabytes "$(latest boot)"), of which $(du -m "$(latest boot)" | cut -f1) MiB are used"
