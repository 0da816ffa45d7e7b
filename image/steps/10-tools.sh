#!/bin/bash
# The tools of the build: what setup/packages/image.list names, and the checkout's own set-up for wheels and voices.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

missing=()
lists=("$setup/packages/image.list")
[ "$arch" = amd64 ] || lists+=("$setup/packages/image-$arch.list")
for package in $(names "${lists[@]}"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -- "$@"; fi; }

install_tools() {
    as_root apt-get -qq update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"
}

if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${#missing[@]} packages: ${missing[*]}"
    quietly "The tools of the build could not be installed." install_tools
fi
"$setup/setup.sh"
say "tools: there"
