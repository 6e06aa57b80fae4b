"""Makes the table of docs/interop.md: opens what prep wrote with the tools where people go on.

    python check.py --install VENV                  a throw-away environment with the tools in it
    VENV/bin/python check.py PREP SET MODEL WORK    writes exports of SET below WORK, prints the table

MODEL is the name of a model of SET whose patches are mel. SET's hits all have a class.
"""
import csv
import importlib.metadata as versions
import json
import os
import subprocess
import sys

TOOLS = """pandas duckdb polars pyarrow datasets torch torchcodec keras onnx onnxruntime openvino praatio crowsetta
label-studio-sdk mido mlcroissant safetensors soundfile jsonschema cleanlab""".split()

if sys.argv[1] == "--install":
    import venv
    venv.create(sys.argv[2], with_pip=True)
    sys.exit(subprocess.call([f"{sys.argv[2]}/bin/pip", "install", "-q", *TOOLS]))

import numpy as np

os.environ.setdefault("KERAS_BACKEND", "torch")
prep, SET, model, work = sys.argv[1:5]
HERE = os.path.dirname(os.path.abspath(__file__))
hits = [json.loads(line) for line in open(f"{SET}/hits.jsonl")]
originals = {h["id"]: h for h in hits if not h.get("parent")}
N = len(originals)
sounds = {}


def audio(recording):
    import soundfile
    if recording not in sounds:
        sounds[recording] = soundfile.read(f"{SET}/audio/{recording}.wav", dtype="float32")[0]
    return sounds[recording]


def clip(hit):
    h = originals[hit]
    return audio(h["recording"])[h["start"]:h["end"]]


def export(*args):
    subprocess.run([prep, "export", "--set", SET, "-q", *args], check=True, stdout=subprocess.DEVNULL)
    return args[1]


table = export("--table", f"{work}/hits.csv")
tablep = export("--table", f"{work}/hits.parquet")
parquet = export("--parquet", f"{work}/parquet")
wav = export("--wav", f"{work}/wav")
npz = export("--npz", f"{work}/x.npz", "--features", "mel")
onnx_dir = export("--onnx", f"{work}/onnx", "--model", f"{SET}/models/{model}")
truth = {}
for row in csv.DictReader(open(table)):
    truth[row["hit"]] = row["class"]


def same(pairs):
    """of (hit, class, samples or None): how many are as prep has them."""
    right = 0
    for hit, name, x in pairs:
        right += truth[hit] == name and (x is None or np.array_equal(np.asarray(x, "f4"), clip(hit)))
    return f"{right} of {N} rows the same"


def pandas_csv():
    import pandas as pd
    d = pd.read_csv(table)
    return same(zip(d.hit, d["class"], [None] * len(d)))


def pandas_jsonl():
    import pandas as pd
    d = pd.read_json(f"{SET}/hits.jsonl", lines=True)
    return f"{(d.set_index('id').onset[list(originals)] == [h['onset'] for h in originals.values()]).sum()} of {N} onsets the same"


def duck():
    import duckdb
    return same((h, c, None) for h, c in duckdb.sql(f"select hit, class from '{tablep}'").fetchall())


def polars_parquet():
    import polars as pl
    return same((h, c, None) for h, c in pl.read_parquet(tablep).select("hit", "class").iter_rows())


def polars_jsonl():
    import polars as pl
    d = pl.read_ndjson(f"{SET}/hits.jsonl", infer_schema_length=None)
    return f"{len(d)} rows, {len(d.columns)} of {len(hits[0])} columns"


def split_rows(ds, encode=False):
    if encode:  # audiofolder gives text
        ds = ds.class_encode_column("label")
    names = ds["train"].features["label"].names
    for split in ds.values():
        for r in split:
            yield r["hit"], names[r["label"]], r["audio"].get_all_samples().data[0].numpy()


def datasets_parquet():
    from datasets import load_dataset
    return same(split_rows(load_dataset(parquet, cache_dir=f"{work}/cache")))


def datasets_wav():
    from datasets import load_dataset
    return same(split_rows(load_dataset(wav, cache_dir=f"{work}/cache2"), encode=True))


def numpy_npz():
    d = np.load(npz)
    return same((h, d["classes"][y], None) for h, y in zip(d["hit"], d["y"]))


def onnx_audio():
    import onnx, onnxruntime
    onnx.checker.check_model(f"{onnx_dir}/model-audio.onnx", full_check=True)
    z = np.load(f"{onnx_dir}/parity-audio.npz")
    p = onnxruntime.InferenceSession(f"{onnx_dir}/model-audio.onnx").run(None, {"samples": z["samples"]})[0]
    return f"largest difference {np.abs(p - z['probabilities']).max():.2g}"


def openvino_audio():
    import openvino as ov
    z = np.load(f"{onnx_dir}/parity-audio.npz")
    out = []
    for hint in ("f32", "bf16"):
        m = ov.Core().compile_model(f"{onnx_dir}/model-audio.onnx", "CPU", {"INFERENCE_PRECISION_HINT": hint})
        out.append(f"{hint}: {np.abs(m([z['samples']])[0] - z['probabilities']).max():.2g}")
    return "largest difference " + ", ".join(out)


def weights(tool):
    def run():
        r = subprocess.run([sys.executable, f"{HERE}/weights.py", tool, f"{SET}/models/{model}"], capture_output=True, text=True)
        return r.stdout.strip().rsplit(", ", 1)[-1] or r.stderr.strip().splitlines()[-1]
    return run


def croissant():
    import mlcroissant as mlc
    d = mlc.Dataset(f"{parquet}/croissant.json")
    n = sum(1 for s in d.metadata.record_sets for _ in d.records(s.id))
    return f"{len(d.metadata.ctx.issues.errors)} errors, {n} of {N} records"


def labels(format):
    return export("--labels", f"{work}/labels-{format}", "--format", format)


def praat():
    from praatio import textgrid
    n = sum(len(t.entries) for f in files(labels("textgrid"), ".TextGrid") for t in textgrid.openTextgrid(f, False).tiers)
    return f"{n} labels"


def files(folder, ending):
    return [os.path.join(d, f) for d, _, names in os.walk(folder) for f in names if f.endswith(ending)]


def raven():
    import crowsetta
    n = 0
    for f in files(labels("raven"), ".txt"):
        n += len(crowsetta.formats.bbox.Raven.from_file(f, annot_col="Annotation").df)
    return f"{n} labels"


def studio():
    from label_studio_sdk.label_interface import LabelInterface
    made = labels("label-studio")
    interface = LabelInterface(open(f"{made}/label-studio.xml").read())
    n = 0
    for t in json.load(open(f"{made}/label-studio.json")):
        for i, a in enumerate(t.get("annotations", []) + t.get("predictions", [])):
            a.update(id=i + 1, completed_by={"id": 1, "email": "a@example.org"})
            n += len(a["result"]) if interface.validate_task({"data": t["data"]}) and interface.validate_annotation(a) else 0
    return f"{n} of {N} regions valid"


def audacity():
    import crowsetta
    n = 0
    for f in files(labels("audacity"), ".txt"):
        n += len(crowsetta.formats.by_name("aud-seq").from_file(f).labels)
    return f"{n} labels"


def schemas():
    import jsonschema
    n = bad = 0
    for name in ("recordings", "hits", "labels"):
        check = jsonschema.Draft202012Validator(json.load(open(f"{HERE}/../schemas/{name}.schema.json")))
        for line in open(f"{SET}/{name}.jsonl"):
            n, bad = n + 1, bad + (not check.is_valid(json.loads(line)))
    check = jsonschema.Draft202012Validator(json.load(open(f"{HERE}/../schemas/report.schema.json")))
    bad += not check.is_valid(json.load(open(f"{SET}/models/{model}/report.json")))
    return f"{n + 1 - bad} of {n + 1} lines and files valid"


def midi():
    import mido
    n = 0
    for f in files(labels("midi"), ".mid"):
        n += sum(1 for m in mido.MidiFile(f) if m.type == "note_on" and m.velocity > 0)
    return f"{n} notes"


def cleanlab_issues():
    from cleanlab.filter import find_label_issues
    classes = json.load(open(f"{SET}/models/{model}/model.json"))["classes"]
    rows = [json.loads(line) for line in open(f"{SET}/models/{model}/predictions.jsonl")]
    y = np.array([classes.index(r["class"]) for r in rows])
    return f"{find_label_issues(y, np.array([r['probabilities'] for r in rows])).sum()} of {len(rows)} labels to look at"


CHECKS = [
    ("hits.csv (--table)", "pandas", 'read_csv', pandas_csv),
    ("hits.jsonl", "pandas", "read_json(lines=True)", pandas_jsonl),
    ("hits.parquet (--table)", "duckdb", "select hit, class from 'hits.parquet'", duck),
    ("hits.parquet (--table)", "polars", "read_parquet", polars_parquet),
    ("hits.jsonl", "polars", "read_ndjson(infer_schema_length=None)", polars_jsonl),
    ("--parquet", "datasets", "load_dataset(DIR), audio decoded", datasets_parquet),
    ("--wav", "datasets", "load_dataset(DIR), class_encode_column", datasets_wav),
    ("--npz", "numpy", "load", numpy_npz),
    ("model-audio.onnx (--onnx)", "onnxruntime", "InferenceSession, parity-audio.npz", onnx_audio),
    ("model-audio.onnx (--onnx)", "openvino", "compile_model, parity-audio.npz", openvino_audio),
    ("weights.safetensors", "torch", "docs/interop/weights.py torch", weights("torch")),
    ("weights.safetensors", "keras", "docs/interop/weights.py keras", weights("keras")),
    ("croissant.json (--parquet)", "mlcroissant", "Dataset(...).records", croissant),
    ("--labels --format textgrid", "praatio", "openTextgrid", praat),
    ("--labels --format raven", "crowsetta", "Raven.from_file", raven),
    ("--labels --format audacity", "crowsetta", "by_name('aud-seq').from_file", audacity),
    ("--labels --format label-studio", "label-studio-sdk", "LabelInterface.validate_annotation", studio),
    ("--labels --format midi", "mido", "MidiFile", midi),
    ("recordings, hits, labels, report.json", "jsonschema", "docs/schemas", schemas),
    ("predictions.jsonl", "cleanlab", "find_label_issues", cleanlab_issues),
]

print("| artefact | tool | command | result |\n|---|---|---|---|")
for artefact, tool, command, check in CHECKS:
    try:
        result = check()
    except Exception as e:  # a row says what does not work
        result = f"fails: {type(e).__name__}: {str(e).splitlines()[0][:150] if str(e) else ''}"
    print(f"| `{artefact}` | {tool} {versions.version(tool)} | `{command}` | {result} |", flush=True)
