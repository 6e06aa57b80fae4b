#!/usr/bin/env python3
"""What each transform does for accuracy on performers never heard.

    go build -o prep ./cmd/prep
    python3 augment/testdata/ablation.py run ./prep ../shared/recordings/vopec WORK
    python3 augment/testdata/ablation.py table WORK

"run" trains preset compact in five folds by performer once a plan, one copy a
hit, and skips plans that are done. "table" prints accuracies of the tuning
half of the performers, by which a plan may be chosen, and of the reporting
half, each with the difference to no copies and its 95 % interval, by
bootstrap over performers.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

TUNING = ("ACS APL AZI BIC CAV IGN JMP JOS JSO LML MAR MFU MSF ND OBH RIC SOF TMO ZGA").split()
REPORTING = ("AFR ARF BEA CAT CRA ISA JOL JSI JVS MAF MCO MOB MTP NOR OBM ROB SPS VGM ZIZ").split()

ALONE = {  # each transform with the range that the documentation suggests, in every copy
    "background": (10, 25),
    "clipping": (3, 15),
    "codec": (8, 24),
    "gain": (-6, 6),
    "highpass": (50, 300),
    "lowpass": (4000, 16000),
    "microphone": (0.2, 1),
    "noise_pink": (15, 40),
    "noise_white": (15, 40),
    "pitch": (-2, 2),
    "pitch_formant": (-2, 2),
    "polarity": (-1, -1),
    "reverb": (0.15, 0.4),
    "room_tone": (10, 30),
    "shift": (-2, 2),
    "stretch": (0.9, 1.1),
    "tilt": (-3, 3),
}

PLANS = {"none": []}  # polarity, whose patches are their parents', is the control for twice the steps
PLANS |= {name: [(name, 1, *ends)] for name, ends in ALONE.items()}
PLANS["seven"] = [
    ("pitch", 0.5, -2, 2),
    ("stretch", 0.3, 0.9, 1.1),
    ("reverb", 0.3, 0.15, 0.4),
    ("tilt", 0.5, -3, 3),
    ("noise_pink", 0.4, 15, 40),
    ("shift", 0.5, -2, 2),
    ("gain", 0.5, -6, 6),
]
PLANS["two"] = [("highpass", 0.7, 50, 300), ("clipping", 0.7, 3, 15)]  # the best two of the tuning half
PATCHES = {  # what training does to patches, with no copies
    "no jitter": "jitter: {time_shift: 0, band_shift: 0, time_mask: 0, band_mask: 0, gain: 0, tilt: 0}",
    "no masks": "jitter: {time_mask: 0, band_mask: 0}",
    "mixup": "mixup: 0.2",
}
# the most telling first: a run may be cut short
ORDER = list(dict.fromkeys(["none", "two", "polarity", "shift", *PATCHES, "seven", *PLANS]))


def config(name):
    """Returns prep.yaml of a plan."""
    steps = PLANS.get(name, [])
    lines = ["augment:", f"  copies: {1 if steps else 0}"]
    if steps:
        lines += ["  plan:"]
        lines += [f"    - {{transform: {t}, probability: {p}, min: {lo}, max: {hi}}}" for t, p, lo, hi in steps]
    lines += ["train:", f"  name: {model(name)}"]
    if name in PATCHES:
        lines += [f"  {PATCHES[name]}"]
    return "\n".join(lines) + "\n"


def model(name):
    return name.replace(" ", "-")


def run(prep, corpus, work):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    data = work / "set"

    def stage(name, *flags):
        subprocess.run([prep, name, *flags, "--set", data, "--quiet"], check=True, stdout=subprocess.DEVNULL)

    if not (data / "hits.jsonl").exists():
        stage("ingest", corpus, "--group-from", "^([^/]+)/")
        stage("segment", "--onsets", "snap")
    for name in ORDER:
        if (data / "models" / model(name) / "predictions.jsonl").exists():
            continue
        file = work / f"{model(name)}.yaml"
        file.write_text(config(name))
        for s in ("augment", "features", "train"):
            stage(s, "--config", str(file))


def scores(work, name):
    """Returns performer -> (right, hits)."""
    by = {}
    for line in (Path(work) / "set/models" / model(name) / "predictions.jsonl").open():
        p = json.loads(line)
        right, hits = by.get(p["group"], (0, 0))
        by[p["group"]] = right + (p["class"] == p["called"]), hits + 1
    return by


def accuracy(by, performers):
    return sum(by[g][0] for g in performers) / sum(by[g][1] for g in performers)


def interval(statistic, performers, rounds=4000):
    """Returns the 2.5 and 97.5 percentiles of a statistic over resampled performers."""
    rng = random.Random(1)
    values = sorted(statistic(rng.choices(performers, k=len(performers))) for _ in range(rounds))
    return values[rounds // 40], values[-rounds // 40 - 1]


def cell(by, none, half):
    """Returns the accuracy, and the difference to none with its interval, as words."""
    text = f"{accuracy(by, half):.3f}"
    if by is none:
        lo, hi = interval(lambda g: accuracy(by, g), half)
        return f"{text} | ({lo:.3f} to {hi:.3f})"
    gain = lambda g: accuracy(by, g) - accuracy(none, g)
    lo, hi = interval(gain, half)
    return f"{text} | {gain(half):+.3f} ({lo:+.3f} to {hi:+.3f})"


def table(work):
    none = scores(work, "none")
    print("| plan | tuning half | less none | reporting half | less none |\n|---|---|---|---|---|")
    for name in ORDER:
        try:
            by = none if name == "none" else scores(work, name)
        except FileNotFoundError:
            continue
        print(f"| {name} | {cell(by, none, TUNING)} | {cell(by, none, REPORTING)} |")


if __name__ == "__main__":
    {"run": run, "table": table}[sys.argv[1]](*sys.argv[2:])
