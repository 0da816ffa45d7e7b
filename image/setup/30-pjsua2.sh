#!/bin/bash
# The SIP and media library: our build of pjproject's Python bindings, made once per machine, installed into .venv.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

built=$(made_bindings)
key=${built##*-}

if [ "$(cat "$venv/.setup-pjsua2" 2>/dev/null)" = "$key" ]; then
    say "bindings: already there"
    exit 0
fi

if [ ! -d "$built" ]; then
    scratch
    tarball=$("$repo/$native/fetch.sh" "$cache")
    say "building $(basename "$tarball") (about two minutes; log: $cache/log/pjsua2.log)"
    quietly "pjproject could not be built." "$repo/$native/build.sh" "$tarball" "$folder" "$venv/bin/python"
    mv "$folder/wheel" "$built"
fi

quietly "The bindings could not be installed." \
    "$venv/bin/pip" install --no-index --no-deps --force-reinstall "$built"/pjsua2-*.whl
quietly "The bindings do not load." "$venv/bin/python" -c 'from pjsua2 import AudioRing, Endpoint'
echo "$key" >"$venv/.setup-pjsua2"
say "bindings: installed"
