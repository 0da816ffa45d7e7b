#!/bin/bash
# Brings requirements.lock and requirements-build.lock in line with pyproject.toml, with the hashes of every file a
# package comes in, for every Python from 3.11 on. What is locked stays as it is unless `lock.sh --upgrade` says so.
# For whoever changes a dependency; set-up only reads.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

scratch
"$python" -m venv "$folder/venv"
quietly "uv could not be fetched from the package index pip is set to." "$folder/venv/bin/pip" install uv

cd "$repo"
lock() {
    "$folder/venv/bin/uv" pip compile --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-emit-index-url --custom-compile-command "image/setup/lock.sh" --quiet "$@"
}
lock pyproject.toml "$@" --extra dev --output-file requirements.lock
sed -n 's/^requires = \["\(.*\)"\]$/\1/p' pyproject.toml | lock - "$@" --output-file requirements-build.lock
say "requirements.lock and requirements-build.lock: written"
