#!/bin/bash
# The update bundle of the same root file system, signed.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

root=$(latest root)
name=strowger-$version-$arch.raucb
signer=${STROWGER_CERTIFICATE:-$image/keys/development-signer.pem}
also=()
[ "$arch" = amd64 ] || also=("$(latest boot)" "$image/$arch/bundle-hook")
key=$(digest "$root" "$compatible" "$version" "$signer" "$(tree image/bundle.sh)")
[ "$arch" = amd64 ] || key=$(digest "$key" "${also[0]}" "$(tree "image/$arch/bundle-hook")")
if ! have bundle "$key"; then
    workplace
    say "signing the bundle with $(basename "$signer")"
    quietly "The bundle could not be made." "$image/bundle.sh" "$root" "$version" "$compatible" \
        "$folder/bundle" "${also[@]}"
    keep bundle "$key" "$folder/bundle"
fi
ln -sfn "$(latest bundle)" "$out/$name"
say "$out/$name: $(megabytes "$out/$name")"
