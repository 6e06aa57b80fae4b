#!/usr/bin/env bash
# Makes the detectors that come with prep: segment/detectors/make.sh VOPEC [OUT]
# from the recordings of VOPEC's tuning half (Marc Ortuño, MIT) and vopec.csv, their onsets as
# prep 0.1.0 moved the annotated marks to the attacks. The same recordings give the same bytes
# on one kernel path. PERFORMERS names others to learn from.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
vopec=$(cd "$1" && pwd)
out=${2:-$here}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tuning="ACS APL AZI BIC CAV IGN JMP JOS JSO LML MAR MFU MSF ND OBH RIC SOF TMO ZGA"
for p in ${PERFORMERS:-$tuning}; do
  [ -d "$vopec/$p" ] || continue
  mkdir -p "$work/takes/$p"
  cp "$vopec/$p"/*.wav "$work/takes/$p"
  grep "^$p/" "$here/vopec.csv" >> "$work/rows"
done
cat <(head -1 "$here/vopec.csv") "$work/rows" > "$work/takes/vopec.csv"
cd "$here/../.."
go build -o "$work/prep" ./cmd/prep
"$work/prep" ingest "$work/takes" --set "$work/set" -q
"$work/prep" segment --set "$work/set" --onsets annotation -q
"$work/prep" teach --set "$work/set" --name offline --folds 2
"$work/prep" teach --set "$work/set" --name live --causal --folds 2
mkdir -p "$out"
cp "$work"/set/detectors/{offline,live}.{bin,json} "$out"
