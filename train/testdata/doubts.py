"""Plants label errors in a set and counts which of them are found, by prep's
doubts.csv and by cleanlab on the same held-out probabilities (docs/results.md,
"Labels that are likely wrong").

    python3 train/testdata/doubts.py PREP SET EPOCHS

SET has hits, labels and mel patches, and is not changed: a copy of it is made
beside it for each of five trainings. Needs numpy and cleanlab 2.9.0.
"""
import csv
import json
import random
import shutil
import subprocess
import sys

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

SEED = 7
FIRST = 0.05  # of the hits, by rank
ARMS = [("random", 5), ("random", 10), ("confusable", 5), ("confusable", 10)]


def lines(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


def train(prep, folder, options, exchanged):
    """Trains on a copy of the set in folder and returns its model's folder.
    exchanged has the class of each hit whose label is to be wrong."""
    hits = {h["id"]: h for h in lines(f"{folder}/hits.jsonl")}
    with open(f"{folder}/labels.jsonl", "a") as f:
        for hit, name in sorted(exchanged.items()):
            at = {"recording": hits[hit]["recording"], "onset": hits[hit]["onset"]}
            f.write(json.dumps(at | {"end": 0, "class": name, "by": "import"}) + "\n")
    subprocess.run([prep, "train", "--set", folder, "--name", "planted", "-q"] + options, check=True,
                   stdout=subprocess.DEVNULL)
    return f"{folder}/models/planted"


def exchange(base, kind, percent):
    """Returns the hits that get a wrong class, and which: any, or the one that
    the model of the true labels most often takes the class for."""
    report = json.load(open(f"{base}/report.json"))
    said = lines(f"{base}/predictions.jsonl")
    classes, confusion = report["classes"], report["confusion"]
    draw = random.Random(SEED)
    wrong = {}
    for i in sorted(draw.sample(range(len(said)), round(percent / 100 * len(said)))):
        k = classes.index(said[i]["class"])
        others = [j for j in range(len(classes)) if j != k]
        j = draw.choice(others) if kind == "random" else max(others, key=lambda j: confusion[k][j])
        wrong[said[i]["hit"]] = classes[j]
    return wrong


def score(model, wrong):
    """Prints how many of the wrong labels each way finds."""
    classes = json.load(open(f"{model}/report.json"))["classes"]
    said = lines(f"{model}/predictions.jsonl")
    where = {p["hit"]: i for i, p in enumerate(said)}
    bad = np.array([p["hit"] in wrong for p in said])
    y = np.array([classes.index(p["class"]) for p in said])
    q = np.array([p["probabilities"] for p in said], float)
    q /= q.sum(1, keepdims=True)
    first = round(FIRST * len(said))

    def row(name, ranked, found):
        ranked = ranked[:first]
        print(f"  {name:48s} first: precision {bad[ranked].mean():.3f} recall {bad[ranked].sum() / bad.sum():.3f}"
              f"   found {len(found):4d}: precision {bad[found].mean():.3f} recall {bad[found].sum() / bad.sum():.3f}", flush=True)

    with open(f"{model}/doubts.csv") as f:
        ours = [where[d["hit"]] for d in csv.DictReader(f)]
    rest = np.argsort(get_label_quality_scores(y, q, method="normalized_margin"), kind="stable")
    told = set(ours)
    row("prep", ours + [i for i in rest if i not in told], ours)
    for method, by in [("normalized_margin", "prune_by_noise_rate"), ("self_confidence", "confident_learning")]:
        ranked = np.argsort(get_label_quality_scores(y, q, method=method), kind="stable")
        row(f"cleanlab {method}, {by}", ranked, np.flatnonzero(find_label_issues(y, q, filter_by=by, n_jobs=1)))


def main():
    prep, source, epochs = sys.argv[1:4]
    options = ["--epochs", epochs] + sys.argv[4:]
    base = None
    for kind, percent in [("none", 0)] + ARMS:
        folder = f"{source.rstrip('/')}-planted"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
        wrong = exchange(base, kind, percent) if base else {}
        model = train(prep, folder, options, wrong)
        accuracy = json.load(open(f"{model}/report.json"))["accuracy"]
        print(f"{percent} % {kind}: {len(wrong)} exchanged, accuracy on the labels as they are then {accuracy:.3f}", flush=True)
        if base:
            score(model, wrong)
            continue
        base = f"{source.rstrip('/')}-base"
        shutil.rmtree(base, ignore_errors=True)
        shutil.copytree(model, base)
    shutil.rmtree(f"{source.rstrip('/')}-planted")


if __name__ == "__main__":
    main()
