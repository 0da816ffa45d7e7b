#!/bin/bash
# Builds everything a second time, from nothing, and compares: `reproduce.sh amd64`. Names what differs; status 1 if
# anything does. The bundle is left out: its signature contains the time of signing, what is signed does not.

[ "${1:-}" = amd64 ] || { echo "usage: reproduce.sh amd64" >&2; exit 2; }
export STROWGER_ARCH=$1

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

workplace
nice "$image/build.sh" "$arch" 20 30 40 50
mkdir -p "$folder/again" "$folder/out"
ln -s "$store/debs" "$folder/again/debs"
STROWGER_STORE=$folder/again STROWGER_OUT=$folder/out nice "$image/build.sh" "$arch" 20 30 40 50

# The files of a tar or a squashfs with what makes them up.
contents() {
    case $1 in
    *rootfs | *application) tar -tvf "$1" --numeric-owner --full-time ;;
    *root) unsquashfs -lln "$1" 2>/dev/null ;;
    esac | sort
}

status=0
for name in rootfs application root disk; do
    if cmp -s "$store/$arch-$name" "$folder/again/$arch-$name"; then
        say "$name: equal"
    else
        status=1
        say "$name: different"
        diff <(contents "$store/$arch-$name") <(contents "$folder/again/$arch-$name") | head -n 20 || true
    fi
done
exit $status
