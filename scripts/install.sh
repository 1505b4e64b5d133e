# Sourced by demo.sh and test.sh: installs what package-lock.json names, into this folder alone.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.."

node_is_new_enough() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}
if ! node_is_new_enough; then
  echo "crate needs Node.js 20.19 or newer: https://nodejs.org, or your system's package manager" >&2
  exit 1
fi

# Headers that lie beside Node spare the compiler of native parts a download, and let it work without the internet.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ -f "$prefix/include/node/node.h" ]; then
  export npm_config_nodedir="$prefix"
fi

# --no-save keeps the lock file as it is where a registry lacks the optional packages of other systems.
npm install --no-save --no-audit --no-fund --no-progress --loglevel=error
