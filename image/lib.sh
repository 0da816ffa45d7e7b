# shellcheck shell=bash disable=SC2034
# What every step of the image build shares, on top of the set-up's own: where things are, which of them are done.
# Sourced, never run. A step's result lies in `store`, named after what it was made from, and is made only once.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/setup/lib.sh"

image=$repo/image
store=${STROWGER_STORE:-$cache/image}
arch=${STROWGER_ARCH:?build.sh says which board is meant}
out=${STROWGER_OUT:-$repo/build/image}
compression=${STROWGER_COMPRESSION:-7}
suite=bookworm
compatible=strowger-$arch
# The parts of Debian the image is made of. A Raspberry Pi starts with firmware of its maker's, which is not free.
components=main
[ "$arch" = amd64 ] || components="main non-free-firmware"

# One time for every file of the image: that of the commit it is made from. Part of every name, so never by the clock.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repo" log -1 --format=%ct)}
revision=$(git -C "$repo" rev-parse --short=12 HEAD)
version=${STROWGER_VERSION:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$repo/pyproject.toml")}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022

mkdir -p "$store" "$out"

names() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

# tree FOLDER...: a word that changes when a file below the folders does: its path, its rights or its content.
tree() {
    (cd "$repo" && find "$@" -printf '%p %y %m %l\n' | sort && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum) |
        sha256sum | cut -c1-16
}

# latest NAME: what the step called NAME made last for this board.
latest() {
    local link=$store/$arch-$1
    [ -e "$link" ] || die "There is no $1 yet." "Run image/build.sh $arch."
    readlink -f "$link"
}

# keep NAME KEY FILE: FILE becomes the result of the step called NAME, found by `latest`. Of each step the newest eight
# results stay.
keep() {
    mv -T "$3" "$store/$arch-$1-$2"
    touch "$store/$arch-$1-$2"
    ln -sfn "$arch-$1-$2" "$store/$arch-$1"
    find "$store" -maxdepth 1 -type f -name "$arch-$1-*" -printf '%T@ %p\n' | sort -rn | tail -n +9 | cut -d' ' -f2- |
        xargs -r rm -f --
}

# have NAME KEY: whether the step called NAME has made this already; it becomes the latest.
have() {
    [ -e "$store/$arch-$1-$2" ] || return 1
    ln -sfn "$arch-$1-$2" "$store/$arch-$1"
}

# The machine's own apt sources, as far as they are Debian's and of the suite; trusted by Debian's own keys.
debian_sources() {
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(ORIGIN)|$(REPO_URI) $(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
        sed -n 's/^Debian|//p' | grep -E "[/ ]$suite(-(updates|security))?\|main$" | sort -u | tr '|' ' ' |
        sed "s/^/deb /; s/ main$/ $components/"
}

# What Debian offered when this machine last asked: a new kernel is a new root file system.
offered() { cat /var/lib/apt/lists/*_dists_"$suite"*_*Release 2>/dev/null | grep -E '^(Date|Suite|Codename):' | sort; }

# scratch on the disk of the store, which is where results are moved to.
workplace() {
    folder=$(mktemp -d "$store/$step.XXXXXX")
    trap 'rm -rf -- "$folder"' EXIT
}

# foreign_tags: pip's words for a Debian 12 of another processor (glibc 2.36 takes what older ones take).
foreign_tags() {
    local minor
    printf '%s\n' --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none --platform linux_aarch64
    for minor in $(seq 17 36); do printf '%s\n' --platform "manylinux_2_${minor}_aarch64"; done
    printf '%s\n' --platform manylinux2014_aarch64
}

megabytes() { echo "$(($(stat -L -c %s "$1") / 1000000)) MB"; }
