#!/bin/bash
# The whole test suite, or what pytest is asked for: tests/run.sh [ARGUMENT...]
# Calls take the time that calls take: the tests that wait for telephones run beside those that compute.

set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit

pytest=(.venv/bin/python -m pytest)
if [ $# -gt 0 ]; then
    exec "${pytest[@]}" "$@"
fi

calls=(tests/contract tests/peers)
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
set -m # a process group of its own, so that it can be interrupted
"${pytest[@]}" "${calls[@]}" >"$log" 2>&1 &
"${pytest[@]}" "${calls[@]/#/--ignore=}"
others=$?
[ "$others" -ne 2 ] || kill -INT -- "-$!" # interrupted
wait $!
calling=$?
echo "contract and peers:"
cat -- "$log"
exit $((others | calling))
