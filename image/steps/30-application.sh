#!/bin/bash
# Our part of the root file system, as a tar file: /opt/strowger with the virtual environment of the box, made of the
# wheels the set-up has gathered and of the commit that is checked out; the voices; what the box says of its version.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

target=/opt/strowger/.venv
export PYTHONHASHSEED=0
if [ "$arch" = amd64 ]; then
    wheels=$(made_wheels)
    bindings=$(made_bindings)
else
    wheels=$(latest wheels)
    bindings=$(latest bindings)
fi
voices=$(readlink -f "$cache/voices")

# The commit's own files, never what lies beside them in the working tree.
sources() { git -C "$repo" ls-tree -r HEAD firmware board dsp web_ui pyproject.toml README.md LICENSE | grep -v /tests/; }

make_wheel() {
    mkdir "$folder/source"
    git -C "$repo" archive HEAD | tar -x -C "$folder/source"
    (cd "$folder/source" && "$venv/bin/pip" wheel --no-index --no-deps --no-build-isolation -w "$folder" .)
}

# For another processor pip takes no more than a folder to fill, and knows neither its tags nor where programs go.
fill_environment() {
    local from=("$folder"/strowger-*.whl pjsua2) found=(--find-links "$wheels" --find-links "$bindings") site tags
    if [ "$arch" != amd64 ]; then
        mkdir "$folder/wheels"
        tar -C "$folder/wheels" -xf "$wheels"
        tar -C "$folder/wheels" -xf "$bindings"
        site=$(echo "$1"/lib/python3*/site-packages)
        mapfile -t tags < <(foreign_tags)
        from=(--only-binary=:all: "${tags[@]}" --target "$site" "${from[@]}")
        found=(--find-links "$folder/wheels")
    fi
    "$venv/bin/pip" --python "$1/bin/python" install --no-index --no-compile --no-warn-script-location \
        "${found[@]}" "${from[@]}"
    if [ "$arch" != amd64 ]; then
        mv "$site"/bin/* "$1/bin/"
        rmdir "$site/bin"
    fi
}

# An environment for another place than where it is filled: pip is a guest from the checkout's own, and paths that
# name the place are turned to the target afterwards.
make_environment() {
    local made=$folder/tree$target
    mkdir -p "${made%/*}"
    "$python" -m venv --without-pip "$made"
    fill_environment "$made"
    grep -rlIZ "$folder/tree" "$made/bin" "$made/pyvenv.cfg" | xargs -0r sed -i "s#$folder/tree##g"
    find "$made" -name direct_url.json -delete
    find "$made" -path '*/tests' -prune -exec rm -rf {} +
    find "$made/bin" ! -type d ! -name "python*" ! -name strowger -delete
    "$made/bin/python" -m compileall -q -j 1 --invalidation-mode unchecked-hash -s "$folder/tree" "$made/lib"
}

make_application() {
    make_wheel
    make_environment
    mkdir -p "$folder/tree/opt/strowger/prompts" "$folder/tree/usr/share/strowger"
    cp -r --no-preserve=timestamps "$voices/." "$folder/tree/opt/strowger/prompts/"
    cp "$folder/source/README.md" "$folder/source/LICENSE" "$folder/tree/usr/share/strowger/"
    tar -C "$folder/tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
        --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -cf "$folder/application.tar" .
}

[ -e "$wheels" ] && [ -e "$bindings" ] && [ -d "$voices" ] || die "The checkout is not set up." "Run make setup."
key=$(digest "$(sources)" "$(basename "$wheels" "$bindings")" "$wheels" "$bindings" "$voices" "$SOURCE_DATE_EPOCH" \
    "$(tree image/steps/30-application.sh)")
if have application "$key"; then
    say "our part: already there, $(megabytes "$(latest application)")"
    exit 0
fi
workplace
say "installing our part of $revision"
quietly "Our part could not be made." make_application
keep application "$key" "$folder/application.tar"
say "our part: $(megabytes "$(latest application)")"
