"""Compares model-audio.onnx with model.onnx on prep's own patches, over all hits of a set.

    python audio.py PREP SET WORK MODEL...

MODEL is the name of a model of SET. Needs numpy, soundfile, onnxruntime; one thread.
"""
import json
import os
import subprocess
import sys
import time

import numpy as np
import onnxruntime
import soundfile

prep, folder, work = sys.argv[1:4]
hits = {h["id"]: h for h in map(json.loads, open(f"{folder}/hits.jsonl"))}
sounds = {}


def around(hit, take):
    """Returns the samples that the model takes; beyond the recording is silence."""
    h = hits[hit]
    if h["recording"] not in sounds:
        sounds[h["recording"]] = soundfile.read(f"{folder}/audio/{h['recording']}.wav", dtype="float32")[0]
    a, first, x = sounds[h["recording"]], h["onset"] - take["onset"], np.zeros(take["samples"], "f4")
    lo, hi = max(first, 0), min(first + len(x), len(a))
    x[lo - first:hi - first] = a[lo:hi]
    return x


def opened(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    name = session.get_inputs()[0].name
    return lambda x: session.run(None, {name: x})[0]


print("| patches | samples | size | worst difference of a probability | same class | one hit, median |\n|---|---|---|---|---|---|")
for model in sys.argv[4:]:
    source, out = f"{folder}/models/{model}", f"{work}/{model}"
    subprocess.run([prep, "export", "--set", folder, "--onnx", out, "--model", source, "-q"], check=True, stdout=subprocess.DEVNULL)
    take, kind = json.load(open(f"{out}/model-audio.json")), json.load(open(f"{source}/model.json"))["features"]
    x = np.load(f"{folder}/features/{kind}.npy", mmap_mode="r")
    x = x if x.ndim == 4 else x[:, None]
    rows = [json.loads(line)["hit"] for line in open(f"{folder}/features/{kind}.jsonl")]
    audio, net, worst, same = opened(f"{out}/model-audio.onnx"), opened(f"{source}/model.onnx"), 0, 0
    for i in range(0, len(rows), 64):
        p = audio(np.array([around(r, take) for r in rows[i:i + 64]]))
        q = net(np.array(x[i:i + 64]))
        worst, same = max(worst, np.abs(p - q).max()), same + (p.argmax(1) == q.argmax(1)).sum()
    one, times = around(rows[0], take)[None], []
    for _ in range(300):
        start = time.perf_counter()
        audio(one)
        times.append(1000 * (time.perf_counter() - start))
    print(f"| {kind} | {take['samples']} | {os.path.getsize(f'{out}/model-audio.onnx') / 1e6:.1f} MB | {worst:.1e} | {same} of {len(rows)} "
          f"| {np.median(times):.1f} ms |", flush=True)
