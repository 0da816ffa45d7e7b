#!/bin/bash
# Tries the image in QEMU, one stage after the other: `test.sh amd64` all of them, `test.sh amd64 boot calls` only those;
# `test.sh amd64 cuts=200` pulls the plug so many times. The stage `boot` keeps a box that has proved itself, and the
# others go on from it (from its running memory, so none of them boots twice). What each came to is told at the end.
#
#   boot       a flashed box proves itself; its screen, its ports, its units      (tests/image/boot.py)
#   first_run  the first run, in Chromium                                         (tests/image/first_run.py)
#   calls      a telephone from outside, a campaign inside                        (tests/image/calls.py)
#   update     good and bad versions, and the way back from each                  (tests/image/update.py)
#   reset      factory reset, backup and restore                                  (tests/image/reset.py)
#   ratio      how long it boots beside a bare Debian                             (tests/image/ratio.py)
#   cuts       pulls the plug 20 times: in boots, dialling, updates               (tests/image/power_cuts.py)
#
# `test.sh arm64` has one stage: the disk of a Raspberry Pi and what is on it, its root in QEMU, an update from one slot
# to the other (tests/image/board_arm64.py).

usage() {
    echo "usage: test.sh amd64 [boot|first_run|calls|update|reset|ratio|cuts[=COUNT]]... | test.sh arm64" >&2
    exit 2
}
case ${1:-}:$# in amd64:* | arm64:1) ;; *) usage ;; esac
export STROWGER_ARCH=$1 STROWGER_COMPRESSION=${STROWGER_COMPRESSION:-1}
shift
stages=("$@")
[ $# -gt 0 ] || stages=(boot first_run calls update reset)
[ "$STROWGER_ARCH" = amd64 ] || stages=(board_arm64)
for stage in "${stages[@]}"; do
    case $stage in board_arm64 | boot | first_run | calls | update | reset | ratio | cuts | cuts=[1-9]*) ;; *) usage ;; esac
done

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

wanted=$setup/packages/image-test.list steps=(10 20 30 40 50) anew=(40 60)
[ "$arch" = amd64 ] || wanted=$setup/packages/image-test-$arch.list steps=(10 20 25 30 40 45 50) anew=(40 45 60)
missing=()
for package in $(names "$wanted"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
install_tools() { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"; }
[ ${#missing[@]} -eq 0 ] || quietly "The virtual machine's packages could not be installed." install_tools

workplace
made=$store/$arch-try bare=$store/$arch-bare
mkdir -p "$made"
export STROWGER_BUNDLES=$made

build() { STROWGER_OUT=$folder/built nice "$image/build.sh" "$arch" "$@"; }

# bundle NAME VERSION [FOLDER]: a signed update of this checkout, with FOLDER laid over its root.
bundle() {
    STROWGER_VERSION=$2 STROWGER_EXTRA=${3:-} build "${anew[@]}"
    ln -sfn "$(latest bundle)" "$made/$1.raucb"
}

# over NAME PATH TEXT: a file of the version NAME that does not work.
over() {
    mkdir -p "$folder/$1/$(dirname "$2")"
    printf '%b' "$3" >"$folder/$1/$2"
}

make_good() { bundle good 0.1.1; }

make_bundles() {
    local units=usr/lib/systemd/system
    over service "$units/strowger.service.d/broken.conf" '[Service]\nExecStart=\nExecStart=/bin/false\n'
    over kernel vmlinuz 'no kernel at all\n'
    # Nobody at the exchange has a voice, so nobody is heard; and the call is asked for even where it is usually left out.
    over call opt/strowger/prompts/manifest.csv 'file,kind,language,voice,text,duration_s\n'
    over call "$units/strowger-prove.service.d/zz-call.conf" '[Service]\nEnvironment=STROWGER_PROOF=--call\n'
    make_good
    bundle service 0.1.2 "$folder/service"
    bundle kernel 0.1.3 "$folder/kernel"
    bundle call 0.1.4 "$folder/call"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=stranger" \
        -keyout "$folder/stranger.key" -out "$folder/stranger.pem" 2>/dev/null
    head -c 100000 /dev/urandom >"$folder/root"
    STROWGER_CERTIFICATE=$folder/stranger.pem STROWGER_KEY=$folder/stranger.key \
        "$image/bundle.sh" "$folder/root" 9.9.9 "$compatible" "$made/stranger.raucb" 2>/dev/null
    build "${anew[@]}" # the version of the checkout is the latest again
}

# A Debian with a kernel, systemd and nothing else, that writes to its second serial line when it was up.
make_bare() {
    [ ! -e "$bare/root.img" ] || return 0
    mkdir -p "$bare" "$folder/bare"
    debian_sources >"$folder/sources.list"
    # shellcheck disable=SC2016  # mmdebstrap fills these in
    quietly "The bare Debian could not be made." mmdebstrap --architectures="$arch" --variant=minbase \
        --include=linux-image-amd64,initramfs-tools,systemd-sysv,udev,dbus --aptopt='Apt::Install-Recommends "false"' \
        --customize-hook='printf "%s\n" "[Unit]" "[Service]" "Type=exec" "ExecStart=/bin/sh -c \"systemctl is-system-running --wait; systemctl show --value -p ActiveEnterTimestampMonotonic multi-user.target >/dev/ttyS1\"" "[Install]" "WantedBy=multi-user.target" >"$1/etc/systemd/system/told.service"' \
        --customize-hook='chroot "$1" systemctl enable -q told.service' "$suite" "$folder/bare.tar" "$folder/sources.list"
    tar -C "$folder/bare" --xattrs --xattrs-include='*' -xpf "$folder/bare.tar"
    cp -L "$folder"/bare/vmlinuz "$bare/vmlinuz"
    cp -L "$folder"/bare/initrd.img "$bare/initrd"
    truncate -s 2G "$folder/bare.img"
    mke2fs -q -t ext4 -d "$folder/bare" "$folder/bare.img"
    mv "$folder/bare.img" "$bare/root.img"
}

make_board_bundles() {
    bundle good 0.1.1
    head -c 100000 /dev/urandom >"$folder/root"
    "$image/bundle.sh" "$folder/root" 9.9.9 strowger-amd64 "$made/other.raucb" 2>/dev/null
    build "${anew[@]}"
}

build "${steps[@]}"
if [ "$(readlink "$made/disk.img")" != "$(latest disk)" ]; then
    rm -rf "$made"
    mkdir "$made"
    ln -s "$(latest disk)" "$made/disk.img"
fi
case " ${stages[*]} " in
*" update "*) make_bundles ;;
*" board_arm64 "*) make_board_bundles ;;
*" cuts"*)
    if [ ! -e "$made/good.raucb" ]; then
        make_good
        build "${anew[@]}" # the version of the checkout is the latest again
    fi
    ;;
esac
case " ${stages[*]} " in *" ratio "*) make_bare ;; esac

cd "$repo"
[ "$arch" != amd64 ] || "$venv/bin/python" -c 'import sys; from tests.image.machine import translated; sys.exit(translated())' ||
    say "no KVM here: everything is slow, and the proof of a new version leaves out the call"

try() {
    case $1 in
    cuts) nice -n 5 "$venv/bin/python" -m tests.image.power_cuts 20 "$made" ;;
    cuts=*) nice -n 5 "$venv/bin/python" -m tests.image.power_cuts "${1#cuts=}" "$made" ;;
    ratio) "$venv/bin/python" -m tests.image.ratio "$made" "$bare" ;;
    *) nice -n 5 "$venv/bin/python" -m pytest -x -v -s --durations=0 --basetemp="$folder/machines" "tests/image/$1.py" ;;
    esac
}

results=()
failed=0
for stage in "${stages[@]}"; do
    began=$SECONDS
    if try "$stage"; then came=well; else came=FAILED failed=1; fi
    results+=("$(printf '%-12s %s, %d s' "$stage" "$came" $((SECONDS - began)))")
done
printf '%s\n' "${results[@]}"
exit $failed
