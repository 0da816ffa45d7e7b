#!/bin/bash
# Makes a signed update bundle of a root file system: `bundle.sh ROOT.squashfs VERSION COMPATIBLE FILE.raucb`. A board
# whose firmware starts the kernel itself takes two more: `... BOOT.vfat HOOK`, its boot partition and what RAUC runs once
# that is written.
#
# Signed with STROWGER_CERTIFICATE and STROWGER_KEY: files, or a key's PKCS#11 address (pkcs11:token=...;object=...),
# RAUC then asks the module RAUC_PKCS11_MODULE names and takes the PIN from RAUC_PKCS11_PIN. Without them the worthless
# development key signs, and only boxes built from a checkout trust it.

set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
if [ $# -ne 4 ] && [ $# -ne 6 ]; then
    echo "usage: bundle.sh ROOT.squashfs VERSION COMPATIBLE FILE.raucb [BOOT.vfat HOOK]" >&2
    exit 2
fi
root=$(readlink -f "$1") version=$2 compatible=$3 bundle=$4
certificate=${STROWGER_CERTIFICATE:-$here/keys/development-signer.pem}
key=${STROWGER_KEY:-$here/keys/worthless-development-signer.key}

folder=$(mktemp -d "$(dirname -- "$bundle")/bundle.XXXXXX")
trap 'rm -rf -- "$folder"' EXIT
mkdir "$folder/contents"
ln "$root" "$folder/contents/rootfs.img" 2>/dev/null || cp "$root" "$folder/contents/rootfs.img"
cat >"$folder/contents/manifest.raucm" <<EOF
[update]
compatible=$compatible
version=$version
build=${STROWGER_BUILD:-$(date -u -d "@${SOURCE_DATE_EPOCH:-0}" +%Y-%m-%d)}

[bundle]
format=verity

[image.rootfs]
filename=rootfs.img
EOF
if [ $# -eq 6 ]; then
    cp --sparse=always "$5" "$folder/contents/boot.img"
    install -m 755 "$6" "$folder/contents/hook"
    cat >>"$folder/contents/manifest.raucm" <<EOF

[hooks]
filename=hook

[image.boot]
filename=boot.img
hooks=post-install
EOF
fi
# The root is compressed already.
rauc bundle --cert="$certificate" --key="$key" \
    --mksquashfs-args="-comp lzo -noI -noD -noF -noX -b 1M" "$folder/contents" "$folder/made.raucb" >&2
mv "$folder/made.raucb" "$bundle"
