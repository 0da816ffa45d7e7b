#!/bin/bash
# Debian's part of the root file system, as a tar file: packages/*.list from the mirror this machine is set to, without
# documentation, translations and the kernel modules of packages/pruned-modules.list.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

packages() { names "$image/packages/common.list" "$image/packages/$arch.list" "$setup/packages/runtime.list" | sort -u; }

prune=()
for path in $(names "$image/packages/pruned-modules.list"); do
    prune+=("--dpkgopt=path-exclude=/lib/modules/*/kernel/$path/*")
done

# What a board brings along for its initrd, and goes without.
additions=("$image/initramfs")
if [ "$arch" != amd64 ]; then
    additions+=("$image/$arch/initramfs")
    for rule in $(names "$image/$arch/left-out.list"); do prune+=("--dpkgopt=$rule"); done
fi

make_rootfs() {
    local hooks=() addition
    for addition in "${additions[@]}"; do hooks+=("--essential-hook=copy-in $addition/. /"); done
    # Debian keeps the boot partition of a Raspberry Pi there; steps/45-boot.sh makes ours.
    [ "$arch" = amd64 ] || hooks+=("--customize-hook=rm -rf \"\$1/boot/firmware\"")

    mkdir -p "$store/debs"
    debian_sources >"$folder/sources.list"
    mmdebstrap --architectures="$arch" --variant=minbase --include="$(packages | paste -sd,)" \
        --aptopt='Apt::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/info/*' "${prune[@]}" \
        --setup-hook='mkdir -p "$1/var/cache/apt/archives"' --setup-hook="sync-in $store/debs /var/cache/apt/archives" \
        "${hooks[@]}" \
        --customize-hook="sync-out /var/cache/apt/archives $store/debs" \
        --customize-hook="'$image/customise.sh' \"\$1\"" \
        "$suite" "$folder/rootfs.tar" "$folder/sources.list"
}

sources=$(debian_sources)
[ -n "$sources" ] || die "This machine's apt sources name no Debian $suite." "Asked: apt-get indextargets"
[ -z "${STROWGER_FRESH:-}" ] || rm -f "$store/$arch-rootfs"*
key=$(digest "$sources" "$(packages)" "$(offered)" "${prune[*]}" "$(tree "${additions[@]#"$repo/"}" image/customise.sh)")

if have rootfs "$key"; then
    say "Debian's part: already there, $(megabytes "$(latest rootfs)")"
    exit 0
fi
workplace
say "installing Debian's part ($(packages | wc -l) packages and what they need; log: $cache/log/rootfs.log)"
quietly "The root file system could not be made." make_rootfs
keep rootfs "$key" "$folder/rootfs.tar"
say "Debian's part: $(megabytes "$(latest rootfs)")"
