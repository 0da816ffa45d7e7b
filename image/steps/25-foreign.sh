#!/bin/bash
# What the set-up has made for this machine's processor, for another one: the locked wheels and the SIP library's
# bindings; and a driver the board's kernel lacks. Compiled across, with the headers and libraries Debian has for that
# processor; what a build runs to look around runs through qemu.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

[ "$arch" != amd64 ] || exit 0
triplet=aarch64-linux-gnu
export PYTHONHASHSEED=0

# The libraries of setup/packages/build.list that come with headers, and the headers of the kernel.
libraries() {
    names "$setup/packages/build.list" | grep -E '^lib.*-dev$|^uuid-dev$'
    printf '%s\n' libc6-dev libpython3.11-dev libstdc++-12-dev linux-headers-arm64
}

make_sysroot() {
    debian_sources >"$folder/sources.list"
    mmdebstrap --architectures="$arch" --variant=extract --include="$(libraries | paste -sd,)" \
        --aptopt='Apt::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/*' \
        --setup-hook='mkdir -p "$1/var/cache/apt/archives"' --setup-hook="sync-in $store/debs /var/cache/apt/archives" \
        --customize-hook="sync-out /var/cache/apt/archives $store/debs" \
        "$suite" "$folder/sysroot.tar" "$folder/sources.list"
}

# Everything below finds compilers, libraries and a Python that takes itself for one of the other processor.
enter_sysroot() {
    sysroot=$folder/sysroot
    export CC="$triplet-gcc --sysroot=$sysroot" CXX="$triplet-g++ --sysroot=$sysroot" QEMU_LD_PREFIX=$sysroot
    export AR=$triplet-ar RANLIB=$triplet-ranlib LD=$CC LDSHARED="$CC -shared" LDCXXSHARED="$CXX -shared"
    export PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$sysroot/usr/lib/$triplet/pkgconfig
    [ ! -e "$folder/python" ] || return 0
    mkdir "$sysroot" "$folder/sysconfig"
    tar -C "$sysroot" -xf "$(latest sysroot)"
    cp "$sysroot/usr/lib/python3.11/_sysconfigdata__$triplet.py" "$folder/sysconfig/"
    cat >"$folder/python" <<EOF
#!/bin/sh
export _PYTHON_HOST_PLATFORM=linux-aarch64 _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__$triplet
PYTHONPATH=$folder/sysconfig exec "$venv/bin/python" "\$@"
EOF
    chmod 755 "$folder/python"
}

packed() { tar -C "$1" --sort=name --owner=0 --group=0 --mtime="@$SOURCE_DATE_EPOCH" -cf "$2" .; }

# Wheels where there are any; a source package only where there are none, and that is built.
make_wheels() {
    local tags archive
    enter_sysroot
    mkdir "$folder/wheels"
    mapfile -t tags < <(foreign_tags)
    "$venv/bin/pip" download --no-deps --require-hashes --no-build-isolation --prefer-binary "${tags[@]}" \
        -d "$folder/wheels" -r "$repo/requirements.lock"
    for archive in "$folder"/wheels/*.tar.gz; do
        "$folder/python" -m pip wheel --no-index --no-deps --no-build-isolation -w "$folder/wheels" "$archive"
        rm "$archive"
    done
    packed "$folder/wheels" "$folder/wheels.tar"
}

# For pjproject both sides are the same processor, as the kernel of this machine sees to it: its configuration would go
# without TLS if it were told of two.
make_bindings() {
    enter_sysroot
    local tarball
    tarball=$("$repo/$native/fetch.sh" "$cache")
    mkdir "$folder/bindings"
    host_alias=$triplet build_alias=$triplet \
        "$repo/$native/build.sh" "$tarball" "$folder/bindings" "$folder/python"
    packed "$folder/bindings/wheel" "$folder/bindings.tar"
}

make_module() {
    enter_sysroot
    local headers
    headers=$(echo "$sysroot"/usr/src/linux-headers-*-arm64)
    sed -i "s#^include /usr/src#include $sysroot/usr/src#" "$headers/Makefile"
    cp -r "$image/$arch/tryboot" "$folder/module"
    env -u CC -u LD make -C "$headers" M="$folder/module" ARCH=arm64 CROSS_COMPILE=$triplet- modules
    $triplet-strip --strip-debug "$folder/module/strowger_tryboot.ko"
}

# made NAME KEY SENTENCE FILE: makes what is not there yet.
made() {
    if have "$1" "$2"; then
        say "$1: already there"
        return
    fi
    say "$3"
    quietly "The $1 could not be made for $arch." "make_$1"
    keep "$1" "$2" "$folder/$4"
    say "$1: $(megabytes "$(latest "$1")")"
}

[ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] ||
    die "This machine's kernel does not run programs for $triplet." "As root: update-binfmts --enable qemu-aarch64"
[ -z "${STROWGER_FRESH:-}" ] || rm -f "$store/$arch-sysroot"*
workplace
made sysroot "$(digest "$(debian_sources)" "$(libraries)" "$(offered)")" "fetching headers and libraries for $triplet" \
    sysroot.tar
own=$(tree image/steps/25-foreign.sh)
made wheels "$(digest "$own" "$(fingerprint requirements.lock)")" "fetching the wheels of requirements.lock" wheels.tar
made bindings "$(digest "$own" "$(basename "$(made_bindings)")")" "compiling the SIP library" bindings.tar
made module "$(digest "$own" "$(latest sysroot)" "$(tree "image/$arch/tryboot")")" "compiling the driver" \
    module/strowger_tryboot.ko
