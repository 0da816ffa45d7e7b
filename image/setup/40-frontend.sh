#!/bin/bash
# Packages from npm, by lock file, for every folder that has one. Browsers come from Debian, never with a package.

# shellcheck source=image/setup/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

export npm_config_cache=$cache/npm npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1

for folder in web_ui tests; do
    [ -e "$repo/$folder/package-lock.json" ] || continue
    stamp=$(fingerprint "$folder/package.json" "$folder/package-lock.json")
    if [ "$(cat "$repo/$folder/node_modules/.setup" 2>/dev/null)" = "$stamp" ]; then
        say "$folder/node_modules: already there"
        continue
    fi
    say "filling $folder/node_modules"
    quietly "The packages of $folder/package-lock.json could not be fetched from the registry npm is set to." \
        npm --prefix "$repo/$folder" ci --prefer-offline
    echo "$stamp" >"$repo/$folder/node_modules/.setup"
done
