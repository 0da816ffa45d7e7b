#!/bin/bash
# The voices of the simulated telephone network, synthesised once. $cache/voices always points at the current set.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

voices=voices-$(fingerprint image/setup/voices.csv image/setup/voices.py)

if [ -d "$cache/$voices" ] && [ "$(readlink "$cache/voices")" = "$voices" ]; then
    say "$cache/voices: already there"
    exit 0
fi

if [ ! -d "$cache/$voices" ]; then
    scratch
    say "synthesising $(($(wc -l <"$setup/voices.csv") - 1)) sentences into $cache/voices"
    mkdir "$folder/voices"
    quietly "The voices could not be synthesised." "$python" "$setup/voices.py" "$folder/voices"
    mv "$folder/voices" "$cache/$voices"
fi
ln -sfn "$voices" "$cache/voices"
