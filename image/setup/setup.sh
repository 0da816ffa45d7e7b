#!/bin/bash
# Makes a checkout ready to run and to test: `setup.sh` takes every step in order, `setup.sh 10 20` only those.
# Each step says in one line what it does, or that there is nothing to do. What was downloaded, built or synthesised
# lies in the cache (STROWGER_CACHE, or ~/.cache/strowger) and serves every checkout of this user.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

mkdir -p "$cache"
exec 9>"$cache/lock"
flock --nonblock 9 || { say "waiting for another set-up to finish"; flock 9; }

scripts=("$setup"/[0-9][0-9]-*.sh)
if [ $# -gt 0 ]; then
    scripts=()
    for number; do scripts+=("$setup/$number"-*.sh); done
fi

for script in "${scripts[@]}"; do
    [ -e "$script" ] || die "There is no step ${script#"$setup/"}."
    bash "$script" 9>&-
done
