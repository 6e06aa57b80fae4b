"""Reads what `prep export --labels` wrote with the libraries that people read
such files with, and compares all with the CSV, which is the plainest.

    for f in audacity csv label-studio raven textgrid; do
        prep export --set SET --labels OUT/$f --format $f
    done
    pip install praatio==6.2.2 textgrid==1.6.1 pandas label-studio-sdk==2.1.2
    python peers.py OUT
"""

import json
import math
import pathlib
import sys

import pandas
import textgrid
from label_studio_sdk.label_interface import LabelInterface
from praatio import textgrid as praatio

out = pathlib.Path(sys.argv[1])
tables = {p.relative_to(out / "csv").with_suffix(""): pandas.read_csv(p, dtype={"label": str}) for p in sorted((out / "csv").rglob("*.csv"))}


def same(what, got, table):
    want = list(table.itertuples(index=False, name=None))
    assert len(got) == len(want), f"{what}: {len(got)} labels, {len(want)} in the CSV"
    for g, w in zip(got, want):
        assert g[2] == w[2] and math.isclose(g[0], w[0], abs_tol=1e-6) and math.isclose(g[1], w[1], abs_tol=1e-6), f"{what}: {g}, {w} in the CSV"


for name, table in tables.items():
    path = out / "textgrid" / f"{name}.TextGrid"
    tier = praatio.openTextgrid(str(path), includeEmptyIntervals=False).getTier("hits")
    same("praatio", [(e.start, e.end, e.label) for e in tier.entries], table)
    grid = textgrid.TextGrid()
    grid.read(str(path), round_digits=6)
    same("textgrid", [(i.minTime, i.maxTime, i.mark) for i in grid[0] if i.mark], table)
    raven = pandas.read_csv(out / "raven" / f"{name}.Table.1.selections.txt", sep="\t", dtype={"Annotation": str}, quoting=3)
    same("Raven's table", list(zip(raven["Begin Time (s)"], raven["End Time (s)"], raven["Annotation"])), table)
    audacity = pandas.read_csv(out / "audacity" / f"{name}.txt", sep="\t", header=None, dtype={2: str}, quoting=3)
    same("Audacity's track", list(audacity.itertuples(index=False, name=None)), table)

interface = LabelInterface((out / "label-studio" / "label-studio.xml").read_text())
tasks = json.loads((out / "label-studio" / "label-studio.json").read_text())
interface.validate()
for task in tasks:
    assert interface.validate_task({"data": task["data"]}), task["data"]
    for kind, valid in (("annotations", interface.validate_annotation), ("predictions", interface.validate_prediction)):
        for work in task.get(kind, []):
            assert valid(work), work
            got = [(r["value"]["start"], r["value"]["end"], r["value"]["labels"][0]) for r in work["result"]]
            same("Label Studio", got, tables[pathlib.Path(task["data"]["name"]).with_suffix("")])
assert len(tasks) == len(tables)
print(len(tables), "recordings,", sum(map(len, tables.values())), "labels: all agree")
