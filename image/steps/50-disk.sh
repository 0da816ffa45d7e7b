#!/bin/bash
# The disk to flash: what starts it (ESP with Debian's signed shim and GRUB; on a Raspberry Pi autoboot.txt and the boot
# partition), the slot, an empty one, the data. No loop device, no mount.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

root=$(latest root)
name=strowger-$version-$arch.img

# Debian's signed boot loaders, unpacked, never installed on this machine.
fetch_loaders() {
    mkdir -p "$folder/debs"
    (cd "$folder/debs" && apt-get -qq download shim-signed shim-helpers-amd64-signed grub-efi-amd64-signed)
    for deb in "$folder"/debs/*.deb; do dpkg-deb -x "$deb" "$folder/loaders"; done
}

start_amd64() {
    fetch_loaders
    cp "$folder/loaders/usr/lib/shim/shimx64.efi.signed" "$input/shimx64.efi"
    cp "$folder/loaders/usr/lib/shim/mmx64.efi.signed" "$input/mmx64.efi"
    cp "$folder/loaders/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$input/grubx64.efi"
    cp "$image/$arch/grub.cfg" "$input/"
    grub-editenv "$input/grubenv" create
    grub-editenv "$input/grubenv" set ORDER="A B" A_OK=1 A_TRY=0 A_PROVEN=0 B_OK=0 B_TRY=0 B_PROVEN=0
}

start_arm64() {
    cp "$image/$arch/autoboot.txt" "$input/"
    ln -s "$(latest boot)" "$input/boot.vfat"
}

make_disk() {
    mkdir -p "$input" "$folder/root/data" "$folder/tmp"
    "start_$arch"
    ln -s "$root" "$input/rootfs.squashfs"
    find "$input" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH genimage --config "$image/$arch/genimage.cfg" --rootpath "$folder/root" \
        --tmppath "$folder/tmp" --inputpath "$input" --outputpath "$folder/made"
}

made_of=("image/$arch")
[ "$arch" = amd64 ] || made_of=("image/$arch/genimage.cfg" "image/$arch/autoboot.txt")
key=$(digest "$root" "$(tree "${made_of[@]}" image/steps/50-disk.sh)" "$SOURCE_DATE_EPOCH")
[ "$arch" = amd64 ] || key=$(digest "$key" "$(latest boot)")
if ! have disk "$key"; then
    workplace
    input=$folder/input
    say "laying out the disk"
    quietly "The disk could not be laid out." make_disk
    keep disk "$key" "$folder/made/disk.img"
fi
ln -sfn "$(latest disk)" "$out/$name"
say "$out/$name: $(megabytes "$out/$name"), of which $(du -Lm "$out/$name" | cut -f1) MiB are used"
