#!/usr/bin/env bash
# Makes the model that comes with prep: train/general/make.sh VOPEC [OUT]
# from VOPEC (Marc Ortuño, MIT), speech by espeak-ng 1.51 and noises made by rule. The same
# recordings and espeak-ng give the same bytes on one kernel path. Docs: docs/voice-model.md
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
vopec=$(cd "$1" && pwd)
out=${2:-$here}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../.."
go build -o "$work/prep" ./cmd/prep
bash "$here/testdata/takes.sh" "$vopec" "$work/takes"
cat > "$work/prep.yaml" <<Y
set: $work/set
ingest: {paths: [$work/takes]}
labels: {meta: $work/takes/recordings.csv}
train: {name: general, shots: [0, 3, 5, 10], jitter: {band_limit: 0.15}}
Y
for stage in ingest segment augment features train; do
  "$work/prep" $stage --config "$work/prep.yaml"
done
mkdir -p "$out"
cp "$work"/set/models/general/{model.json,report.json,weights.safetensors,memory.safetensors} "$out"
