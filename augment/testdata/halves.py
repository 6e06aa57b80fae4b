#!/usr/bin/env python3
"""What each arm of a sweep is worth on two halves of VOPEC's performers.

    python3 augment/testdata/halves.py vopec/sweeps/augment/report.json

Prints accuracies of the tuning half, by which a plan may be chosen, and of the
reporting half, each with the difference to the base and its 95 % interval: as
in the sweep's own report, the variance is that of a bootstrap over performers
plus that of the trainings, pooled over the arms, and the interval Student's t
with one degree of freedom less than performers.
"""

import json
import random
import statistics
import sys

TUNING = "ACS APL AZI BIC CAV IGN JMP JOS JSO LML MAR MFU MSF ND OBH RIC SOF TMO ZGA".split()
REPORTING = "AFR ARF BEA CAT CRA ISA JOL JSI JVS MAF MCO MOB MTP NOR OBM ROB SPS VGM ZIZ".split()
T18 = 2.101  # 97.5 % of Student's t with 18 degrees of freedom
ROUNDS = 4000


def rows(path):
    """Returns arm -> performer -> (hits, those named rightly by each training)."""
    with open(path) as file:
        report = json.load(file)
    return {r["arm"]: {g["group"]: (g["hits"], g["right"]) for g in r["by_group"]} for r in report["rows"]}


def accuracy(arm, performers, seed=None):
    """Returns the accuracy of one training, or of all."""
    hits = sum(arm[g][0] for g in performers)
    right = [sum(arm[g][1][s] for g in performers) for s in range(len(arm[performers[0]][1]))]
    return (statistics.mean(right) if seed is None else right[seed]) / hits


def spread(arms, half):
    """Returns the variance of a single training's accuracy, pooled over the arms."""
    each = [[accuracy(a, half, s) for s in range(len(a[half[0]][1]))] for a in arms]
    return statistics.mean(statistics.variance(values) for values in each)


def draws(half):
    rng = random.Random(1)
    return [rng.choices(half, k=len(half)) for _ in range(ROUNDS)]


def cell(arm, base, half, training):
    """Returns the accuracy, and its difference from the base in points, as words."""
    if arm is base:
        values = sorted(accuracy(arm, d) for d in draws(half))
        lo, hi = values[ROUNDS // 40], values[-ROUNDS // 40 - 1]
        return f".{1000 * accuracy(arm, half):.0f} | (.{1000 * lo:.0f} to .{1000 * hi:.0f})"
    gain = lambda g: 100 * (accuracy(arm, g) - accuracy(base, g))
    seeds = sum(1 / len(a[half[0]][1]) for a in (arm, base))
    reach = T18 * (statistics.variance(gain(d) for d in draws(half)) + 1e4 * seeds * training) ** 0.5
    value = gain(half)
    return f".{1000 * accuracy(arm, half):.0f} | {value:+.1f} ({value - reach:+.1f} to {value + reach:+.1f})"


def main(path):
    arms = rows(path)
    base = arms["base"]
    halves = [(half, spread(arms.values(), half)) for half in (TUNING, REPORTING)]
    print("| arm | tuning half | points | reporting half | points |\n|---|---|---|---|---|")
    for name, arm in arms.items():
        print("|", name, "|", " | ".join(cell(arm, base, *half) for half in halves), "|", flush=True)
    print("one training's standard deviation:", ", ".join(f"{100 * v ** 0.5:.2f} points" for _, v in halves))


if __name__ == "__main__":
    main(*sys.argv[1:])
