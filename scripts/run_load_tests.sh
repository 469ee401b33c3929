#!/bin/sh
# Runs the documented load tests against an environment of lab.yaml: scripts/run_load_tests.sh staging|production [flags]
# The flags are those of `rampart suite` (--quick, --only, --yes). Statistics also go to load_test_results/.
set -eu
if [ "$#" -lt 1 ]; then
  echo "usage: $0 ENVIRONMENT [--quick] [--only TESTS] [--yes]" >&2
  exit 2
fi
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
exec node "$root/bin/rampart.js" suite --stats-dir load_test_results "$@"
