#!/bin/bash
# Makes a flashable image and an update bundle of the box: `build.sh amd64` takes every step in order, `build.sh amd64
# 40 50` only those. What has not changed since the last time is not made again; `--fresh` asks Debian anew.

usage() {
    echo "usage: build.sh [--fresh] amd64|arm64 [STEP...]" >&2
    exit 2
}

if [ "${1:-}" = --fresh ]; then
    export STROWGER_FRESH=1
    shift
fi
case ${1:-} in amd64 | arm64) ;; *) usage ;; esac
export STROWGER_ARCH=$1
shift

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

exec 9>"$store/lock"
flock --nonblock 9 || { say "waiting for another build to finish"; flock 9; }

scripts=("$image"/steps/[0-9][0-9]-*.sh)
if [ $# -gt 0 ]; then
    scripts=()
    for number; do scripts+=("$image/steps/$number"-*.sh); done
fi

began=$SECONDS
for script in "${scripts[@]}"; do
    [ -e "$script" ] || die "There is no step ${script#"$image/steps/"}."
    nice bash "$script" 9>&-
done
say "done in $((SECONDS - began)) s; everything is in $out"
