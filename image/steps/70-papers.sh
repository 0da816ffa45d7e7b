#!/bin/bash
# What is in the image, for those who have to know: a bill of materials (CycloneDX) and the licences.

# shellcheck source=image/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

name=$out/strowger-$version-$arch
workplace
tar -C "$folder" -xf "$(latest rootfs)" ./var/lib/dpkg/status ./usr/share/doc
tar -C "$folder" -xf "$(latest application)" --wildcards './opt/strowger/.venv/lib/python3*/site-packages/*.dist-info/*'
"$python" "$image/papers.py" "$folder" "$version" "$name.cdx.json" "$name.licences.txt"
say "$name.cdx.json, $name.licences.txt"
