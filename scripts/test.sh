#!/usr/bin/env bash
# Installs, and passes the tests.
set -euo pipefail
source "$(dirname "$0")/install.sh"
exec npm test --silent
