#!/bin/bash
# Builds the Python bindings of pjproject with our limits, patches and audio ring: build.sh TARBALL FOLDER PYTHON
# The wheel lies in FOLDER/wheel afterwards. PYTHON needs setuptools; nothing is fetched.

set -euo pipefail

tarball=${1:?usage: build.sh TARBALL FOLDER PYTHON}
folder=${2:?usage: build.sh TARBALL FOLDER PYTHON}
python=${3:?usage: build.sh TARBALL FOLDER PYTHON}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source=$folder/source

unpack() {
    mkdir -p "$source"
    tar -C "$source" --strip-components=1 -xf "$tarball"
    for patch in "$here"/patches/*.patch; do
        patch -d "$source" -p1 --fuzz=0 <"$patch"
    done
    # Debian leaves out a few files whose licence it does not accept; one of them is still in the list of objects.
    [ -e "$source/pjmedia/src/pjmedia-audiodev/bdimad_dev.c" ] ||
        sed -i 's/ bdimad_dev\.o//' "$source/pjmedia/build/Makefile"
    cp "$here/config_site.h" "$source/pjlib/include/pj/"
    cp "$here/audio_ring.i" "$source/pjsip-apps/src/swig/"
}

# NDEBUG: a failed assertion inside the library would end the whole service, and with it every call.
configure() {
    (cd "$source" && ./configure \
        --enable-epoll --enable-speex-resample \
        --with-external-gsm --with-external-speex --with-external-srtp \
        --disable-bcg729 --disable-ffmpeg --disable-g7221-codec --disable-ilbc-codec --disable-l16-codec \
        --disable-libwebrtc --disable-libyuv --disable-opencore-amr --disable-openh264 --disable-sdl --disable-silk \
        --disable-sound --disable-speex-aec --disable-upnp --disable-v4l2 --disable-video --disable-vpx \
        CFLAGS="-O2 -fPIC -DNDEBUG" CXXFLAGS="-O2 -fPIC -DNDEBUG")
}

libraries() { EXCLUDE_APP=1 make -C "$source" -j "$(nproc)" lib; }

# The generated wrapper is one very large file that only passes calls on: -O1 halves its build, and nothing is lost.
bindings() {
    CFLAGS="-g0 -O1" LDFLAGS="-Wl,-s" make -C "$source/pjsip-apps/src/swig/python" wheel PYTHON_EXE="$python"
    mkdir "$folder/wheel"
    cp "$source"/pjsip-apps/src/swig/python/dist/pjsua2-*.whl "$folder/wheel/"
}

unpack
configure
libraries
bindings
rm -rf -- "$source"
