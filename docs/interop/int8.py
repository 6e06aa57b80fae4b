"""Takes model-audio.onnx to TensorFlow Lite, in floats and in 8 bits, and measures both on people
that the model has never heard.

    python int8.py PREP WORK SET SET

Two sets of different people, each with a model called mel on mel patches, which was trained on
its own people and names the hits of the other's. Needs numpy, soundfile, onnx, onnxruntime,
onnx2tf, tensorflow. docs/interop.md has what it printed.
"""
import glob
import json
import os
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
import onnx.utils
import soundfile
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

prep, work, sets = sys.argv[1], sys.argv[2], sys.argv[3:5]
CALIBRATION = 200  # hits of the people that the model was trained on


def lines(path):
    return [json.loads(line) for line in open(path)]


def hits_of(folder, take):
    """Returns samples (N x length), classes and groups of a set's labelled hits."""
    recordings = {r["id"]: r for r in lines(f"{folder}/recordings.jsonl")}
    said = {(s["recording"], s["onset"]): s["class"] for s in lines(f"{folder}/labels.jsonl")}
    audio = {r: soundfile.read(f"{folder}/audio/{r}.wav", dtype="float32")[0] for r in recordings}
    x, y, g = [], [], []
    for h in lines(f"{folder}/hits.jsonl"):
        name = said.get((h["recording"], h["onset"])) or said.get((h["recording"], h["mark"]))
        if h["parent"] or not name:
            continue
        a, first = audio[h["recording"]], h["onset"] - take["onset"]
        row = np.zeros(take["samples"], "f4")
        lo, hi = max(first, 0), min(first + take["samples"], len(a))
        row[lo - first:hi - first] = a[lo:hi]
        x.append(row), y.append(take["classes"].index(name)), g.append(recordings[h["recording"]]["group"])
    return np.array(x), np.array(y), np.array(g)


class Rows(CalibrationDataReader):
    def __init__(self, name, x):
        self.rows = iter([{name: row[None]} for row in x])

    def get_next(self):
        return next(self.rows, None)


def onnx_run(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda row: session.run(None, {name: row[None]})[0][0]


def tflite_run(path):
    import tensorflow as tf
    t = tf.lite.Interpreter(path, num_threads=1)
    t.allocate_tensors()
    i, o = t.get_input_details()[0], t.get_output_details()[0]

    def run(row):
        v = row.reshape(i["shape"]) if row.size == np.prod(i["shape"]) and row.ndim == 1 else row[None]
        if row.ndim == 3 and tuple(i["shape"][1:]) != row.shape:
            v = np.transpose(row, (1, 2, 0))[None]  # channels last
        if i["dtype"] != np.float32:
            scale, zero = i["quantization"]
            v = np.clip(np.round(v / scale + zero), -128, 127).astype(i["dtype"])
        t.set_tensor(i["index"], v.astype(i["dtype"]))
        t.invoke()
        p = t.get_tensor(o["index"])[0]
        if o["dtype"] != np.float32:
            scale, zero = o["quantization"]
            p = (p.astype("f4") - zero) * scale
        return p
    return run


def to_tflite(model, out, name, x):
    """Converts with onnx2tf, and returns the files in floats and in 8 bits."""
    fixed = f"{out}.onnx"  # one hit at a time
    m = onnx.load(model)
    for v in list(m.graph.input) + list(m.graph.output):
        v.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(m, fixed)
    np.save(f"{out}.npy", x if x.ndim == 2 else np.transpose(x, (0, 2, 3, 1)))  # channels last
    shape = [1] * x.ndim
    command = [os.path.join(os.path.dirname(sys.executable), "onnx2tf"), "-i", fixed, "-o", out, "-oiqt", "-cind", name, f"{out}.npy", str(np.zeros(shape).tolist()), str(np.ones(shape).tolist()), "-n"]
    if x.ndim == 2:
        command += ["-kat", name]  # samples have no channels to turn
    r = subprocess.run(command, capture_output=True, text=True)
    kinds = ("float32", "dynamic_range_quant", "integer_quant")
    files = {f.rsplit("/", 1)[1][len(os.path.basename(out)) + 1:-7]: f for f in glob.glob(f"{out}/*.tflite")}
    files = {k: files[k] for k in kinds if k in files}
    if not files:
        print(r.stdout[-3000:], r.stderr[-3000:], file=sys.stderr)
    return files


def halves(model, out):
    """Cuts the model in two behind the normalization: samples to patches, patches to probabilities."""
    cut = next(n.output[0] for n in onnx.load(model).graph.node if "normalization.scale" in n.input)
    onnx.utils.extract_model(model, f"{out}-front.onnx", ["samples"], [cut])
    onnx.utils.extract_model(model, f"{out}-net.onnx", [cut], ["probabilities"])
    return f"{out}-front.onnx", f"{out}-net.onnx"


results = {}  # by way: (right or not, group) of each hit of both sets
sizes, times = {}, {}
for own, other in (sets, sets[::-1]):
    out = f"{work}/{os.path.basename(own)}"
    subprocess.run([prep, "export", "--set", own, "--onnx", out, "--model", f"{own}/models/mel", "-q"], check=True, stdout=subprocess.DEVNULL)
    take = json.load(open(f"{out}/model-audio.json"))
    audio = f"{out}/model-audio.onnx"
    known = hits_of(own, take)[0]
    x, y, g = hits_of(other, take)
    known = known[np.random.default_rng(1).permutation(len(known))[:CALIBRATION]]
    front, net = halves(audio, out)
    patches_of = onnx_run(front)
    patches, unheard = np.array([patches_of(v) for v in known]), np.array([patches_of(v) for v in x])
    ways = {"float, onnxruntime": (audio, onnx_run, x)}
    for what, model, calibrate in (("net", net, patches), ("all", audio, known)):
        static = f"{out}-{what}-int8.onnx"
        name = onnx.load(model).graph.input[0].name
        quantize_static(model, static, Rows(name, calibrate), quant_format=QuantFormat.QDQ, per_channel=True,
                        weight_type=QuantType.QInt8, activation_type=QuantType.QInt8)
        ways[f"int8 {what}, onnxruntime"] = (static, onnx_run, unheard if what == "net" else x)
        try:
            for kind, path in to_tflite(model, f"{out}-{what}", name, calibrate).items():
                ways[f"{kind} {what}, TFLite"] = (path, tflite_run, unheard if what == "net" else x)
        except Exception as e:
            print(f"{what} to TFLite: {type(e).__name__}: {e}", file=sys.stderr)
    for way, (path, open_model, inputs) in ways.items():
        try:
            run = open_model(path)
            p = np.array([run(v) for v in inputs])
        except Exception as e:
            print(f"{way}: {type(e).__name__}: {str(e)[:300]}", file=sys.stderr)
            continue
        t = []
        print(f"{own}: {way}", file=sys.stderr, flush=True)
        for _ in range(200):
            t0 = time.perf_counter()
            run(inputs[0])
            t.append(time.perf_counter() - t0)
        right, groups, same = results.setdefault(way, ([], [], []))
        right += list(p.argmax(1) == y)
        groups += list(g)
        same += list(p.argmax(1))
        sizes[way], times[way] = os.path.getsize(path), 1000 * np.median(t)

rng = np.random.default_rng(2)
base, groups = np.array(results["float, onnxruntime"][0], float), np.array(results["float, onnxruntime"][1])
names = np.unique(groups)
draws = [np.concatenate([np.flatnonzero(groups == n) for n in rng.choice(names, len(names))]) for _ in range(2000)]


def interval(v):
    return "{:+.3f} to {:+.3f}".format(*np.quantile([v[d].mean() for d in draws], (.025, .975))) if len(v) else ""


print("| model | size | accuracy, people unheard | less float's | same class as float | one hit, median |\n|---|---|---|---|---|---|")
for way, (right, _, said) in results.items():
    right = np.array(right, float)
    low, high = np.quantile([right[d].mean() for d in draws], (.025, .975))
    same = np.mean(np.array(said) == np.array(results["float, onnxruntime"][2]))
    print(f"| {way} | {sizes[way] / 1e6:.2f} MB | {right.mean():.3f} ({low:.3f} to {high:.3f}) | {right.mean() - base.mean():+.3f} ({interval(right - base)}) "
          f"| {same:.3f} | {times[way]:.2f} ms |")
print(f"{len(base)} hits of {len(names)} people; intervals: bootstrap over people, 2000 draws")
