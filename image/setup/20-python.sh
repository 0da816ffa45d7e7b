#!/bin/bash
# The virtual environment: exactly what requirements.lock names, each file checked against its hash, and the project
# itself as an editable install. The wheels are kept, so the next checkout needs no network.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    die "$python is missing or older than 3.11; Debian 12 and newer have it."

wheels=$(made_wheels)

# Two locks, because a source package's build needs its tools first: pip would otherwise fetch them unchecked.
gather_wheels() {
    local folder=$1
    "$python" -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --no-deps --require-hashes -r "$repo/${locks[0]}"
    "$folder/venv/bin/pip" wheel --no-deps --require-hashes --no-build-isolation -w "$folder/wheels" \
        -r "$repo/${locks[0]}" -r "$repo/${locks[1]}"
}

fill_venv() {
    "$python" -m venv --clear "$venv"
    "$venv/bin/pip" install --no-index --no-deps "$wheels"/*.whl
}

install_project() {
    cd "$repo"
    "$venv/bin/pip" install --no-index --no-deps --no-build-isolation --editable .
}

# done_before FILE STAMP: whether the step that writes STAMP into the environment's FILE has been taken already.
done_before() { [ "$(cat "$venv/$1" 2>/dev/null)" = "$2" ]; }

if [ ! -d "$wheels" ]; then
    say "fetching the Python packages of requirements.lock"
    scratch
    quietly "The Python packages could not be fetched from the package index pip is set to." gather_wheels "$folder"
    mv "$folder/wheels" "$wheels"
fi

# Of pyproject.toml, what the tools read while they run (ruff, mypy, pytest) does not concern the installation.
contents=$(digest "$wheels")
project=$(digest "$repo" "$contents" "$(sed '/^\[tool\.ruff/,$d' "$repo/pyproject.toml")")

if done_before .setup-python "$contents" && done_before .setup-project "$project"; then
    say ".venv: already there"
    exit 0
fi
if ! done_before .setup-python "$contents"; then
    say "filling .venv"
    quietly "The virtual environment could not be made." fill_venv
    echo "$contents" >"$venv/.setup-python"
fi
quietly "The project could not be installed into .venv." install_project
echo "$project" >"$venv/.setup-project"
say ".venv: ready"
