#!/bin/bash
# Debian packages: what the lists in packages/ name and this machine lacks. Installs nothing unless all of it can be
# had, and neither starts nor enables any service.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

policy=/usr/sbin/policy-rc.d
policy_mark='# Put here by the set-up of Strowger while it installs packages.'

names() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

node_is_there() {
    command -v npm >/dev/null && [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ] 2>/dev/null
}

wanted() {
    names "$setup"/packages/{build,runtime,speech,test}.list
    node_is_there || names "$setup/packages/node.list"
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -- "$@"; fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }

sources() {
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(SITE) $(CODENAME)/$(COMPONENT)' 'Created-By: Packages' | sort -u
}

# While packages unpack, a policy forbids starting what they bring. A machine's own policy is put back afterwards.
forbid_starts() {
    if [ -e "$policy" ] && ! grep -qF "$policy_mark" "$policy"; then
        as_root mv "$policy" "$policy.strowger"
    fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

allow_starts() {
    if [ -e "$policy" ] && grep -qF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
    if [ -e "$policy.strowger" ]; then as_root mv "$policy.strowger" "$policy"; fi
}

# Prints the services of packages/services.list that this machine does not have.
unknown_services() {
    local unit
    for unit in $(names "$setup/packages/services.list"); do
        [ -e "/lib/systemd/system/$unit" ] || echo "$unit"
    done
}

# A fresh package also enables its service for the next boot. A service that was here before us stays as it was set.
disable_services() {
    local unit
    for unit; do
        [ ! -e "/lib/systemd/system/$unit" ] || as_root systemctl disable --quiet "$unit"
    done
}

missing=()
for package in $(wanted); do
    is_installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
    say "packages: already there"
    exit 0
fi

if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "${#missing[@]} Debian packages are missing, and only root can install them: there is no sudo here." \
        "As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
fi

say "installing ${#missing[@]} packages: ${missing[*]}"
mkdir -p "$cache/log"
log=$cache/log/debian.log
apt update >"$log" 2>&1 || true
if ! apt install --download-only --yes "${missing[@]}" >>"$log" 2>&1; then
    grep -h '^[EW]:' "$log" | sort -u | head -n 20 >&2 || true
    die "The packages could not be fetched, and nothing was installed." \
        "Missing:  ${missing[*]}" \
        "Asked of: $(sources | paste -sd';' | sed 's/;/; /g')" \
        "Check the network and the machine's apt sources, then try again."
fi

mapfile -t fresh_services < <(unknown_services)
trap allow_starts EXIT
forbid_starts
quietly "The packages were fetched but could not be installed." apt install --no-download --yes "${missing[@]}"
quietly "The services of the new packages could not be disabled." disable_services "${fresh_services[@]}"
