#!/usr/bin/env bash
# Installs, builds, and runs the main job on the music in fixtures/music; results are in out/.
set -euo pipefail
source "$(dirname "$0")/install.sh"
npm run --silent build
node scripts/demo.mjs
