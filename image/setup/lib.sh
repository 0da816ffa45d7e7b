# shellcheck shell=bash disable=SC2034
# What every step of the set-up shares: where things are, how to say so, how to tell whether a step has been done.
# Sourced, never run. A step does its work in a temporary folder and moves it into place when it is complete, so that
# an interrupted set-up leaves nothing half done.

set -euo pipefail

step=$(basename "${0%.sh}")
step=${step#[0-9][0-9]-}
repo=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
setup=$repo/image/setup
cache=${STROWGER_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/strowger}
python=/usr/bin/python3
venv=$repo/.venv

say() { printf '%-10s %s\n' "$step" "$*"; }

# die SENTENCE [LINE...]: what is wrong, then what helps.
die() {
    printf '%-10s %s\n' "$step" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '           %s\n' "$@" >&2
    exit 1
}

# digest WORD...: one short word that changes when any of the words does.
digest() { printf '%s\n' "$@" | sha256sum | cut -c1-16; }

# fingerprint FILE...: the same for the contents of files, wherever the checkout lies.
fingerprint() { digest "$(cd "$repo" && sha256sum -- "$@")"; }

# made_wheels, made_bindings: the folders of the cache that hold the Python packages of the lock files and our build of
# the SIP library, for this machine's Python. Whether they are there yet is the asking step's business.
locks=(requirements-build.lock requirements.lock)
native=firmware/trunks/native

flavour() { "$python" -c 'import sys, sysconfig; print(sys.version, sysconfig.get_platform())'; }
made_wheels() { echo "$cache/wheels-$(digest "$(flavour)" "$(fingerprint "${locks[@]}")")"; }
made_bindings() {
    local inputs=() file
    for file in "$repo/$native"/{build.sh,config_site.h,audio_ring.i,pjproject.pins} "$repo/$native"/patches/*.patch; do
        inputs+=("${file#"$repo/"}")
    done
    echo "$cache/pjsua2-$(digest "$(flavour)" "$(fingerprint "${inputs[@]}")")"
}

# scratch: sets `folder` to a temporary folder on the cache's own disk, removed when the step ends.
folder=
scratch() {
    mkdir -p "$cache"
    folder=$(mktemp -d "$cache/$step.XXXXXX")
    trap 'rm -rf -- "$folder"' EXIT
}

# quietly SENTENCE COMMAND...: the command's output goes to a log; when it fails, its errors and SENTENCE are shown.
# (In a subshell of its own, not behind an `if`, where bash would let the command's functions run past their errors.)
quietly() {
    local sentence=$1 log=$cache/log/$step.log status
    shift
    mkdir -p "$cache/log"
    set +e
    (set -e && "$@") >"$log" 2>&1
    status=$?
    set -e
    [ "$status" -eq 0 ] && return
    { grep -E '^(ERROR|E:|npm error)|error:' "$log" || tail -n 20 "$log"; } | tail -n 20 >&2
    die "$sentence" "The whole log: $log"
}
