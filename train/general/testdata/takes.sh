#!/usr/bin/env bash
# Gathers what the model that comes with prep learns from: takes.sh VOPEC DIR
# VOPEC's takes and labels, with plain names; speech of some voices and languages;
# noises; and recordings.csv, which says whose each recording is. What the onset detector finds
# in speech and noises is labelled as none of the sounds. SPEECH names voices
# as espeak-ng does, SEED is that of the noises: others make recordings to test with.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
vopec=$1
takes=$2
speech=${SPEECH:-"en+m1 en+f2 en-us+m3 de+m2 de+f4 fr+m4 fr+f1 es+m1 es+f3 nl+m2 da+f2 cs+m3 tr+f1 fi+m4 hu+f3 ro+m1"}
texts=("One two three, testing, testing. Can you hear me? Stop the tape, please." "Pick a cat, pat a dog, take a cup of tea, back to the deck."
  "Today we talk about rhythm and about how people keep time together." "Da ba ka ta pa, ti ki pi, shush, tsk, puff, tut.")
mkdir -p "$takes"
echo "file,group,class" > "$takes/recordings.csv"
if [ -n "$vopec" ]; then
  for dir in "$vopec"/*/; do
    who=$(basename "$dir")
    mkdir -p "$takes/$who"
    cp "$dir"*.wav "$takes/$who"
    for labels in "$dir"*.txt; do
      sed -e 's/\tHH/\that/; s/\tKick/\tkick/; s/\tSnare/\tsnare/' "$labels" > "$takes/$who/$(basename "$labels")"
    done
    for wav in "$takes/$who"/*.wav; do echo "$who/$(basename "$wav"),$who," >> "$takes/recordings.csv"; done
  done
fi
mkdir -p "$takes/speech"
for voice in $speech; do
  for i in ${TEXTS:-0 3}; do
    espeak-ng -v "$voice" -s $((130 + 20 * i)) -w "$takes/speech/$voice-$i.wav" "${texts[$i]}"
    echo "speech/$voice-$i.wav,speech $voice," >> "$takes/recordings.csv"
  done
done
cd "$here/../../.."
go run ./train/general/testdata/others "$takes/noise" "${SEED:-1}" "${NOISES:-40}" "$takes/speech"
for wav in "$takes"/noise/*.wav; do
  name=$(basename "$wav" .wav)
  echo "noise/$name.wav,noise $name," >> "$takes/recordings.csv"
done
