#!/bin/bash
# The root file system of a slot: Debian's part, ours, the units and image/overlay put together into a squashfs, kernel
# and initrd inside. STROWGER_EXTRA=FOLDER is laid over all of it: how tests make versions that do not work.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

[ "$(id -u)" -eq 0 ] || die "The root file system belongs to many users; only root can put it together."
export PYTHONHASHSEED=0
debian=$(latest rootfs)
application=$(latest application)
board=()
[ "$arch" = amd64 ] || board=("$(latest module)" "$(tree "image/$arch/overlay")")
minimum=$(sed -n 's/^minimum_version=//p' "$image/release.conf")
extra=${STROWGER_EXTRA:-}

# Users keep their numbers from version to version: the data belongs to them.
number_users() { sed -e 's/ -:strowger$/&/' -e "s/^\([gu] strowger\) \+-/\1 600/" \
    -e "s/^\([gu] strowger-web\) \+-/\1 601/" -e "s/^\([gu] strowger-edge\) \+-/\1 602/" "$repo/systemd/strowger.sysusers"; }

add_units() {
    local lib=$1/usr/lib
    install -d "$lib/systemd/system/multi-user.target.wants" "$lib/sysusers.d" "$lib/tmpfiles.d"
    for unit in "$repo"/systemd/*.service "$repo"/systemd/image/*.{service,path,timer}; do
        install -m 644 "$unit" "$lib/systemd/system/"
        grep -q '^WantedBy=multi-user.target' "$unit" || continue
        ln -sf "../${unit##*/}" "$lib/systemd/system/multi-user.target.wants/${unit##*/}"
    done
    number_users >"$lib/sysusers.d/strowger.conf"
    install -m 644 "$repo/systemd/strowger.tmpfiles" "$lib/tmpfiles.d/strowger.conf"
    systemd-sysusers --root="$1"
}

# What is different on this board, and the driver it needs beside Debian's, which fits one kernel only.
add_board() {
    local kernel
    cp -r --no-preserve=ownership,timestamps "$image/$arch/overlay/." "$1/"
    mkdir -p "$1/boot/autoboot"
    cp "$(latest module)" "$folder/strowger_tryboot.ko"
    kernel=$(modinfo -F vermagic "$folder/strowger_tryboot.ko" | cut -d' ' -f1)
    if [ ! -d "$1/lib/modules/$kernel" ]; then
        echo "ERROR: the driver is for Linux $kernel, the root has $(ls "$1/lib/modules"): build.sh --fresh $arch"
        return 1
    fi
    install -D -m 644 "$folder/strowger_tryboot.ko" "$1/lib/modules/$kernel/updates/strowger_tryboot.ko"
    depmod -b "$1" "$kernel"
}

add_overlay() {
    cp -r --no-preserve=ownership,timestamps "$image/overlay/." "$1/"
    [ "$arch" = amd64 ] || add_board "$1"
    install -m 644 "$repo"/web_ui/{nginx.conf.template,starting.html} "$1/usr/share/strowger/"
    sed -i "s/@{compatible}/$compatible/" "$1/etc/rauc/system.conf"
    install -m 644 "${STROWGER_KEYRING:-$image/keys/development-ca.pem}" "$1/etc/rauc/keyring.pem"
    sed -i -e '/^PRETTY_NAME=/d' "$1/usr/lib/os-release"
    cat >>"$1/usr/lib/os-release" <<EOF
PRETTY_NAME="Strowger $version"
IMAGE_ID=strowger
IMAGE_VERSION=$version
BUILD_ID=$build
STROWGER_COMPATIBLE=$compatible
STROWGER_MINIMUM_VERSION=$minimum
EOF
}

put_together() {
    local root=$folder/root
    mkdir "$root"
    tar -C "$root" --xattrs --xattrs-include='*' -xpf "$debian"
    tar -C "$root" --no-overwrite-dir -xpf "$application"
    add_overlay "$root"
    add_units "$root"
    mkdir -p "$root/boot/efi" "$root/media/backup"
    rm -f "$root"/etc/.*.bak "$root"/etc/{passwd,group,shadow,gshadow,subuid,subgid}- "$root"/etc/apt/apt.conf.d/99mmdebstrap
    # Times in a squashfs are all the same, so no compiled module may depend on its source's.
    find "$root/usr/lib" -name '*.pyc' -delete
    python3 -m compileall -q -j 1 --invalidation-mode unchecked-hash -s "$root" "$root/usr/lib/python3.11" || true
    [ -z "$extra" ] || cp -r --no-preserve=ownership,timestamps "$extra/." "$root/"
    # LZO: read three times as fast as gzip for a tenth more room, and Debian's signed GRUB reads no zstd. The kernel lies
    # uncompressed, because GRUB decompresses slowly.
    mksquashfs "$root" "$folder/rootfs.squashfs" -comp lzo -Xcompression-level "$compression" -b 256K -noappend \
        -no-exports -xattrs -quiet -no-progress -action 'uncompressed@name(vmlinuz-*)||name(initrd.img-*)'
}

build=$revision
[ -z "$extra" ] || build=$revision.$(cd "$extra" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-8)
key=$(digest "$debian" "$application" "$version" "$build" "$minimum" "$compression" "$compatible" "$SOURCE_DATE_EPOCH" \
    "${STROWGER_KEYRING:-}" "$(tree systemd image/overlay image/keys/development-ca.pem web_ui/nginx.conf.template web_ui/starting.html image/steps/40-root.sh)" \
    "${board[@]}")
if have root "$key"; then
    say "root of version $version: already there, $(megabytes "$(latest root)")"
    exit 0
fi
workplace
say "putting the root file system of version $version together"
quietly "The root file system could not be put together." put_together
keep root "$key" "$folder/rootfs.squashfs"
say "root of version $version: $(megabytes "$(latest root)")"
