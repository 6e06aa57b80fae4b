"""Checks model folders against onnxruntime and Python's safetensors.

python parity.py models/NAME...   needs numpy, onnx, onnxruntime, safetensors
"""
import json
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

for folder in sys.argv[1:]:
    onnx.checker.check_model(f"{folder}/model.onnx", full_check=True)
    parity = np.load(f"{folder}/parity.npz")
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx")
    patches, want = parity["patches"], parity["probabilities"]
    together = session.run(None, {"patches": patches})[0]
    alone = np.concatenate([session.run(None, {"patches": p[None]})[0] for p in patches])
    worst = max(np.abs(together - want).max(), np.abs(alone - want).max())
    weights = load_file(f"{folder}/weights.safetensors")
    classes = json.load(open(f"{folder}/model.json"))["classes"]
    bias = weights["head.bias" if "head.bias" in weights else "output.bias"]
    assert bias.shape == (len(classes),) == want.shape[1:]
    print(f"{folder}: {len(patches)} patches, {len(weights)} arrays, largest difference {worst:.2g}")
    assert worst <= 1e-4
