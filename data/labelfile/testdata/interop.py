"""Label files of prep in the hands of the tools that own the formats, and back.

    python3 -m venv v && v/bin/pip install praatio textgrid praat-parselmouth crowsetta mir_eval
    v/bin/python testdata/interop.py          # in data/labelfile; needs go

`go test -interop DIR` writes 1400 labels a format and DIR/truth.tsv; each tool
reads them, and writes files of its own, which `go test -interop DIR` then reads.
--binary writes testdata/binary.TextGrid, which is Praat's.
"""

import csv
import importlib.metadata
import os
import subprocess
import sys
import tempfile

import crowsetta
import mir_eval
import parselmouth
import textgrid
from parselmouth.praat import call
from praatio import textgrid as praatio


def binary(path):
    grid = call("Create TextGrid", 0, 1.6, "phrase hits points", "points")
    for tier, times in ((1, (0.2, 1.5)), (2, (0.25, 0.29, 0.6, 0.64, 0.95, 0.99, 1.3, 1.34))):
        for t in times:
            call(grid, "Insert boundary", tier, t)
    call(grid, "Set interval text", 1, 2, "take one")
    for i, name in enumerate(("kick", "открытый", "clé", "🥁")):
        call(grid, "Set interval text", 2, 2 * i + 2, name)
    call(grid, "Insert point", 3, 0.7, "late")
    call(grid, "Save as binary file", path)


def prep(directory, *args):
    run = ["go", "test", "-count=1", "-run", "TestInterop", "-v", ".", "-interop", directory]
    out = subprocess.run(run, capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stdout + out.stderr)
    return out.stdout


def agree(tool, got, truth, grain=1e-6):
    same = sum(abs(g[0] - t[0]) <= grain and abs(g[1] - t[1]) <= grain and g[2] == t[2] for g, t in zip(got, truth))
    print(f"{tool:40} {same} of {len(truth)}" + ("" if len(got) == len(truth) else f" ({len(got)} read)"), flush=True)


def main():
    if sys.argv[1:] == ["--binary"]:
        return binary(os.path.abspath("testdata/binary.TextGrid"))
    for name in ("praatio", "textgrid", "praat-parselmouth", "crowsetta", "mir_eval"):
        print(name, importlib.metadata.version(name))
    d = tempfile.mkdtemp()
    prep(d)
    with open(f"{d}/truth.tsv", encoding="utf-8") as f:
        truth = [(float(a), float(b), c) for a, b, c in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE)]
    print("-- they read ours")
    theirs_read(d, truth)
    print("-- we read theirs")
    theirs_write(d, truth)
    for line in prep(d).splitlines():
        if " of " in line:
            print(line.split(": ", 1)[1])


def module_grid(path):
    grid = textgrid.TextGrid()
    grid.read(path, round_digits=15)  # 5 where nobody says
    return grid


def theirs_read(d, truth):
    grid = praatio.openTextgrid(f"{d}/textgrid.TextGrid", includeEmptyIntervals=False)
    agree("praatio, TextGrid", [(e.start, e.end, e.label) for e in grid.getTier("hits").entries], truth)
    grid = module_grid(f"{d}/textgrid.TextGrid")
    agree("textgrid, TextGrid", [(i.minTime, i.maxTime, i.mark) for i in grid[0] if i.mark], truth)
    for kind in ("textgrid", "textgrid-binary"):
        read = parselmouth.read(f"{d}/{kind}.TextGrid")
        agree(f"parselmouth, {kind}", praat_intervals(read), truth)
    raven = crowsetta.formats.by_name("raven").from_file(f"{d}/raven.Table.1.selections.txt", annot_col="Annotation")
    agree("crowsetta, Raven", [(r.begin_time_s, r.end_time_s, r.annotation) for r in raven.df.itertuples()], truth)
    aud = crowsetta.formats.by_name("aud-seq").from_file(f"{d}/audacity.txt")
    agree("crowsetta, Audacity", list(zip(aud.start_times, aud.end_times, aud.labels)), truth)
    for f in ("mirex.lab", "audacity.txt"):
        spans, labels = mir_eval.io.load_labeled_intervals(f"{d}/{f}", delimiter="\t")
        agree(f"mir_eval, {f}", [(a, b, c) for (a, b), c in zip(spans, labels)], truth)
    onsets = mir_eval.io.load_events(f"{d}/onsets.onsets")
    agree("mir_eval, onsets", [(o, t[1], t[2]) for o, t in zip(onsets, truth)], truth)


def praat_intervals(grid):
    n = call(grid, "Get number of intervals", 1)
    texts = [(i, call(grid, "Get label of interval", 1, i)) for i in range(1, n + 1)]
    return [(call(grid, "Get start time of interval", 1, i), call(grid, "Get end time of interval", 1, i), s) for i, s in texts if s]


def theirs_write(d, truth):
    grid = praatio.openTextgrid(f"{d}/textgrid.TextGrid", includeEmptyIntervals=True)
    for kind in ("short_textgrid", "long_textgrid"):
        grid.save(f"{d}/praatio-{kind}.TextGrid", format=kind, includeBlankSpaces=True)
    module_grid(f"{d}/textgrid.TextGrid").write(f"{d}/textgrid-module.TextGrid")
    read = parselmouth.read(f"{d}/textgrid.TextGrid")
    for how in ("text", "short text", "binary"):
        call(read, f"Save as {how} file", f"{d}/praat-{how.replace(' ', '-')}.TextGrid")
    raven = crowsetta.formats.by_name("raven").from_file(f"{d}/raven.Table.1.selections.txt", annot_col="Annotation")
    raven.to_file(f"{d}/crowsetta-raven.txt")
    aud = crowsetta.formats.by_name("aud-seq").from_file(f"{d}/audacity.txt")
    aud.to_file(f"{d}/crowsetta-audacity.txt")


main()
