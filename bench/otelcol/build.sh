#!/bin/sh
# Builds the Collector that bench/tail.ts measures: build.sh [FOLDER] makes FOLDER/otelcol; the folder is otelcol among
# the temporary files unless told otherwise. Needs Go 1.26 and its module proxy, some minutes, and two gigabytes for Go's
# caches. JOBS is how many packages are compiled at once (1).
set -eu
folder=${1:-${TMPDIR:-/tmp}/otelcol}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
GOFLAGS="${GOFLAGS:-} -p=${JOBS:-1}"
export GOFLAGS
GOBIN="$folder" go install go.opentelemetry.io/collector/cmd/builder@v0.160.0
cp "$here/builder.yaml" "$folder/builder.yaml"
cd "$folder"
./builder --config builder.yaml --skip-strict-versioning
cp sources/otelcol otelcol
./otelcol components | head -5
