#!/bin/bash
# Finds the source of pjproject and prints where it lies: fetch.sh CACHE
#
# Looked for in this order: the cache; the file PJPROJECT_TARBALL names; Debian, whose asterisk source package carries
# it; upstream's release. A file is taken only if its sha256 stands in pjproject.pins. One exception: when Debian has
# moved on to a newer pjproject and no pinned file can be had anywhere, the newer one is taken with a warning. apt
# has checked it against Debian's signed index then, and the build stops where a patch of ours does not apply.
#
# No mirror's address stands here: Debian's is the one this machine's own apt sources name.

set -euo pipefail

cache=${1:?usage: fetch.sh CACHE}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tried=()

note() { printf '%-10s %s\n' pjsua2 "$*" >&2; }

sha256_of() { sha256sum -- "$1" | cut -d' ' -f1; }
pins() { grep -v '^#' "$here/pjproject.pins"; }
name_of_pin() { awk -v sum="$1" '$1 == sum { print $2 }' "$here/pjproject.pins"; }
pin_of_name() { awk -v name="$1" '$2 == name { print $1 }' "$here/pjproject.pins"; }

# Copies a pinned file into the cache under the name it has in pjproject.pins, and prints its path there.
keep() {
    local name
    name=$(name_of_pin "$(sha256_of "$1")")
    [ -n "$name" ] || return 1
    mkdir -p "$cache"
    cp -- "$1" "$cache/$name.part"
    mv -- "$cache/$name.part" "$cache/$name"
    echo "$cache/$name"
}

from_cache() {
    local sum name
    while read -r sum name; do
        [ -e "$cache/$name" ] || continue
        [ "$(sha256_of "$cache/$name")" = "$sum" ] && echo "$cache/$name" && return
        note "$cache/$name is damaged: ignored"
    done < <(pins)
    return 1
}

from_variable() {
    [ -n "${PJPROJECT_TARBALL:-}" ] || return 1
    tried+=("PJPROJECT_TARBALL ($PJPROJECT_TARBALL)")
    if [ ! -r "$PJPROJECT_TARBALL" ]; then
        note "PJPROJECT_TARBALL names $PJPROJECT_TARBALL, which cannot be read"
        return 1
    fi
    keep "$PJPROJECT_TARBALL" || { note "the sha256 of $PJPROJECT_TARBALL is not pinned: ignored"; return 1; }
}

# A private apt folder with one line for Debian's unstable sources, made from the machine's own mirror. The
# machine's own lists and sources stay as they are, and no root is needed. A mirror may lag behind: an index past its
# date does no harm, because the file it leads to has to have a hash we know.
debian_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o Acquire::Languages=none \
        -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User="$(id -un)" "$@"
}

debian_mirror() {
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(LABEL) $(SITE)' 'Created-By: Packages' | sed -n 's/^Debian //p' | head -n 1
}

# Prints "URL SHA256" of the file Debian has today.
debian_offer() {
    local mirror
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || return 1
    mkdir -p "$apt"/{lists,cache/archives}/partial
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
    debian_apt update >&2 || return 1
    debian_apt source --print-uris asterisk |
        sed -n "s/^'\([^']*\)' [^ ]*orig-Xpjproject\.tar\.[a-z0-9]* [0-9]* SHA256:\([0-9a-f]*\)$/\1 \2/p"
}

from_debian() {
    local url
    tried+=("Debian (the machine's apt sources: $(debian_mirror || true))")
    read -r url newest < <(debian_offer 2>"$apt.log") || return 1
    [ -n "$(name_of_pin "$newest")" ] || { newest_url=$url; return 1; }
    note "fetching pjproject from Debian's asterisk source package"
    download "$url" "$newest"
}

from_upstream() {
    local name=pjproject-2.17.tar.gz
    local url=https://github.com/pjsip/pjproject/archive/refs/tags/2.17.tar.gz
    tried+=("upstream ($url)")
    note "fetching pjproject from upstream's release"
    download "$url" "$(pin_of_name "$name")"
}

# apt's own downloader, which lies beside its methods rather than on the PATH.
apt_helper() { (PATH=$PATH:/usr/lib/apt && apt-helper -qq -o APT::Sandbox::User="$(id -un)" "$@"); }

# download URL SHA256: into the cache, by apt's own downloader, which checks the hash. Prints the path.
download() {
    apt_helper download-file "$1" "$scratch/tarball" "SHA256:$2" >&2 2>>"$apt.log" || return 1
    keep "$scratch/tarball"
}

newer_from_debian() {
    [ -n "${newest_url:-}" ] || return 1
    note "WARNING: Debian has a pjproject that this release was not tested with (sha256 $newest); taking it"
    apt_helper download-file "$newest_url" "$scratch/newer" "SHA256:$newest" >&2 2>>"$apt.log" || return 1
    mv -- "$scratch/newer" "$cache/pjproject-$newest.tar.xz"
    echo "$cache/pjproject-$newest.tar.xz"
}

mkdir -p "$cache"
scratch=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf -- "$scratch"' EXIT
apt=$scratch/apt

from_cache && exit
from_variable && exit
from_debian && exit
from_upstream && exit
newer_from_debian && exit

note "The source of pjproject could not be found."
for place in "${tried[@]}"; do note "  tried: $place"; done
[ ! -s "$apt.log" ] || sed 's/^/             /' "$apt.log" >&2
note "  Put one of these files anywhere and name it in PJPROJECT_TARBALL:"
while read -r sum name; do note "    $name (sha256 $sum)"; done < <(pins)
exit 1
