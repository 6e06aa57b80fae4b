"""Writes gradients.json: the loss of every preset on two patches by PyTorch in float64, and of each parameter's gradient the
norm and its inner products with four fixed sequences (the gradients themselves would be 60 MB). Patches are 64 x 64 and, but for
compact, which they do not fit, 16 x 16: "seed" and "seed 16".

    pip install torch==2.2.2 pyyaml
    python3 train/testdata/gradients.py > train/testdata/gradients.json      # from the root of the repository

Patches, weights and sequences come from numbers(), which the test has too. Dropout is left out: its masks are ours.
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F
import yaml

torch.set_default_dtype(torch.float64)
PRESETS = ["compact", "large-kernel", "seed", "strided", "tall", "wide"]
CLASSES = 7


def numbers(seed, count):
    """Multiples of 1/128 in [-1, 1), exact in float32, from a linear congruential generator."""
    power = np.cumprod(np.full(count, 1664525, np.uint32), dtype=np.uint32)  # a^1, a^2, ... modulo 2^32
    sums = np.cumsum(np.concatenate([[1], power[:-1]]), dtype=np.uint32)
    x = power * np.uint32(seed) + sums * np.uint32(1013904223)
    return (x >> 24) / 128 - 1


def same(x, kh, kw, sh, sw):
    """ONNX's SAME_UPPER."""
    h, w = x.shape[2:]
    ph = max((math.ceil(h / sh) - 1) * sh + kh - h, 0)
    pw = max((math.ceil(w / sw) - 1) * sw + kw - w, 0)
    return F.pad(x, (pw // 2, pw - pw // 2, ph // 2, ph - ph // 2))


def run(preset, size):
    parameters = []

    def parameter(scale, *shape):
        p = torch.tensor(scale * numbers(len(parameters) + 2, math.prod(shape)).reshape(shape)).requires_grad_()
        parameters.append(p)
        return p

    def kernel(*shape):
        fan = math.prod(shape[:-1])
        return parameter(2.0 ** (1 - round(math.log2(fan) / 2)), *shape), parameter(0.25, shape[-1])

    pair = lambda text: [int(v) for v in text.split("x")]
    layers = [l for l in yaml.safe_load(open(f"train/presets/{preset}.yaml"))["layers"] if l["type"] != "dropout"]
    h = torch.tensor(numbers(1, 2 * size * size).reshape(2, 1, size, size))
    for layer, after in zip(layers, layers[1:] + [{"type": "output"}]):
        if layer["type"] == "conv":
            (kh, kw), stride = pair(layer["kernel"]), pair(layer.get("stride", "1x1"))
            w, b = kernel(kh, kw, h.shape[1], layer["filters"])  # height x width x in x out, as ours
            h = F.conv2d(same(h, kh, kw, *stride), w.permute(3, 2, 0, 1), b, stride=stride)
            h = h if after["type"] == "batch_norm" else F.relu(h)
        elif layer["type"] == "batch_norm":
            gamma, beta = parameter(1, h.shape[1]), parameter(0.5, h.shape[1])
            h = F.relu(F.batch_norm(h, None, None, gamma, beta, training=True, eps=1e-5))
        else:
            h = (F.max_pool2d if layer["kind"] == "max" else F.avg_pool2d)(h, pair(layer["size"]))
    h = h.permute(0, 2, 3, 1).flatten(1)
    w, b = kernel(h.shape[1], CLASSES)
    loss = F.cross_entropy(h @ w + b, torch.tensor([0, 1]))
    loss.backward()
    rows = []
    for p in parameters:
        g = p.grad.numpy().ravel()
        rows.append([float("%.9g" % v) for v in [np.linalg.norm(g), *(g @ numbers(1000 + k, g.size) for k in range(4))]])
    return {"loss": loss.item(), "gradients": rows}


small = {f"{preset} 16": run(preset, 16) for preset in PRESETS if preset != "compact"}
print(json.dumps({preset: run(preset, 64) for preset in PRESETS} | small))
