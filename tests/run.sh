#!/bin/bash
# The whole test suite, or what pytest is asked for: tests/run.sh [ARGUMENT...]
# Calls take the time that calls take: the tests that wait for telephones, and after them the whole days on a fake
# clock, run beside the others, which compute; so both take about the same time. What fails while the machine has so
# much to do is run once more with nothing beside it, and named if it passes then: a few tests at most, for more than
# that is no matter of load.

set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit

pytest=(.venv/bin/python -m pytest)
if [ $# -gt 0 ]; then
    exec "${pytest[@]}" "$@"
fi

most_again=5
calls=(tests/contract tests/peers tests/scenario)
kept=$(mktemp -d)
trap 'rm -rf -- "$kept"' EXIT

run() { # NAME ARGUMENT...: pytest, with a memory of its own for what failed
    local name=$1
    shift
    "${pytest[@]}" -o cache_dir="$kept/$name" "$@"
}

failed() { # NAME: the tests that failed, one a line
    .venv/bin/python -c 'import json, sys; print(*json.load(open(sys.argv[1])), sep="\n")' \
        "$kept/$1/v/cache/lastfailed"
}

again() { # NAME STATUS: once more what failed; the status that counts
    [ "$2" -eq 1 ] || return "$2"
    local tests
    mapfile -t tests < <(failed "$1")
    [ "${#tests[@]}" -le "$most_again" ] || return "$2"
    echo "once more, alone: ${tests[*]}"
    run "$1" "${tests[@]}" || return
    echo "PASSED ONLY ALONE: ${tests[*]}"
}

set -m # a process group of its own, so that it can be interrupted
run calls "${calls[@]}" >"$kept/log" 2>&1 &
run others "${calls[@]/#/--ignore=}"
others=$?
[ "$others" -ne 2 ] || kill -INT -- "-$!" # interrupted
wait $!
calling=$?
echo "contract, peers and scenario:"
cat -- "$kept/log"
again others "$others"
others=$?
again calls "$calling"
calling=$?
exit $((others | calling))
