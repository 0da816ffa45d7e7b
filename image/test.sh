#!/bin/bash
# Builds what a try of the image needs (the image, a newer version, one whose service does not start, one signed by a
# stranger) and tries it in QEMU: `test.sh amd64`. `test.sh amd64 cuts 200` pulls the plug so many times instead.

[ "${1:-}" = amd64 ] || { echo "usage: test.sh amd64 [cuts COUNT]" >&2; exit 2; }
export STROWGER_ARCH=$1 STROWGER_COMPRESSION=${STROWGER_COMPRESSION:-1}

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

missing=()
for package in $(names "$setup/packages/image-test.list"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
install_tools() { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"; }
[ ${#missing[@]} -eq 0 ] || quietly "The virtual machine's packages could not be installed." install_tools

workplace
made=$folder/made
broken=$folder/broken/usr/lib/systemd/system/strowger.service.d
mkdir -p "$made" "$broken"
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >"$broken/broken.conf"

build() { STROWGER_OUT=$folder/built nice "$image/build.sh" "$arch" "$@"; }
build
ln -s "$(latest disk)" "$made/disk.img"
if [ "${2:-}" != cuts ]; then
    STROWGER_VERSION=0.1.1 build 40 60
    ln -s "$(latest bundle)" "$made/good.raucb"
    STROWGER_VERSION=0.1.2 STROWGER_EXTRA=$folder/broken build 40 60
    ln -s "$(latest bundle)" "$made/broken.raucb"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=stranger" \
        -keyout "$folder/stranger.key" -out "$folder/stranger.pem" 2>/dev/null
    head -c 100000 /dev/urandom >"$folder/root"
    STROWGER_CERTIFICATE=$folder/stranger.pem STROWGER_KEY=$folder/stranger.key \
        "$image/bundle.sh" "$folder/root" 9.9.9 "$compatible" "$made/stranger.raucb" 2>/dev/null
    build 40 60 # the version of the checkout is the latest again
fi

cd "$repo"
"$venv/bin/python" -c 'import sys; from tests.image.machine import translated; sys.exit(translated())' ||
    say "no KVM here: everything is slow, and the proof of a new version leaves out the call"
export STROWGER_BUNDLES=$made
if [ "${2:-}" = cuts ]; then
    nice -n 15 "$venv/bin/python" -m tests.image.power_cuts "${3:-20}" "$made/disk.img"
else
    nice -n 15 "$venv/bin/python" -m pytest -x --basetemp="$folder/machines" tests/image/boots.py
fi
