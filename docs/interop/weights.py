"""Loads a model folder's weights.safetensors into PyTorch or Keras and checks it with parity.npz.

    python weights.py torch|keras models/NAME...

Needs numpy, safetensors, and torch, or keras 3 with one of its backends (KERAS_BACKEND).
docs/interop.md says what is where in the file.
"""
import json
import sys

import numpy as np
from safetensors.numpy import load_file

EPSILON = 1e-5


def size(text, default):
    return tuple(int(n) for n in text.split("x")) if text else default


def layers(folder):
    """Yields (type, layer, arrays, relu) of each layer, the output layer last."""
    d = json.load(open(f"{folder}/model.json"))
    if d.get("head"):
        raise SystemExit(f"{folder}: a model of prep adapt has a head over the network: use model.onnx")
    w, all_layers = load_file(f"{folder}/weights.safetensors"), d["net"]["layers"]
    for i, layer in enumerate(all_layers):
        kind = layer["type"]
        following = all_layers[i + 1]["type"] if i + 1 < len(all_layers) else ""
        behind = all_layers[i - 1]["type"] if i else ""
        relu = kind in ("conv", "dense") and following != "batch_norm" or kind == "batch_norm" and behind in ("conv", "dense")
        prefix = f"{i + 1}.{kind}."
        yield kind, layer, {k[len(prefix):]: v for k, v in w.items() if k.startswith(prefix)}, relu
    yield "output", {}, {k[7:]: v for k, v in w.items() if k.startswith("output.")}, False


def normalized(folder, patches):
    n, d = json.load(open(f"{folder}/model.json"))["normalization"], json.load(open(f"{folder}/model.json"))["in"]
    shape = (1, d["Channels"], d["Bands"], 1)
    read = lambda key: np.array(n[key], "f4").reshape(shape)
    return (patches - read("mean")) / read("scale")


def with_torch(folder, x):
    import torch
    import torch.nn.functional as f
    x, flat = torch.from_numpy(x), False  # N x channels x bands x frames
    for kind, layer, w, relu in layers(folder):
        w = {k: torch.from_numpy(v.copy()) for k, v in w.items()}
        if kind == "conv":
            stride = size(layer.get("stride"), (1, 1))
            pads = []
            for n, k, s in reversed(list(zip(x.shape[2:], w["kernel"].shape[:2], stride))):
                total = max((-(-n // s) - 1) * s + k - n, 0)  # SAME_UPPER: the odd one behind
                pads += [total // 2, total - total // 2]
            x = f.conv2d(f.pad(x, pads), w["kernel"].permute(3, 2, 0, 1), w["bias"], stride)
        elif kind == "batch_norm":
            x = f.batch_norm(x, w["mean"], w["var"], w["gamma"], w["beta"], eps=EPSILON)
        elif kind == "pool":
            window = size(layer["size"], None)
            pool = f.max_pool2d if layer["kind"] == "max" else f.avg_pool2d
            x = pool(x, window, size(layer.get("stride"), window))
        elif kind == "global_average":
            x, flat = x.mean((2, 3)), True
        elif kind in ("dense", "output"):
            if not flat:
                x, flat = x.permute(0, 2, 3, 1).flatten(1), True  # bands, frames, channels
            x = x @ w["kernel"] + w["bias"]
        if relu:
            x = f.relu(x)
    return torch.softmax(x, 1).numpy()


def with_keras(folder, x):
    import keras
    x = np.transpose(x, (0, 2, 3, 1))  # Keras wants the channels last, as the file has them
    at = start = keras.Input(x.shape[1:])
    load = []
    for kind, layer, w, relu in layers(folder):
        if kind == "conv":
            made = keras.layers.Conv2D(layer["filters"], w["kernel"].shape[:2], size(layer.get("stride"), (1, 1)), padding="same")
            load.append((made, [w["kernel"], w["bias"]]))
        elif kind == "batch_norm":
            made = keras.layers.BatchNormalization(epsilon=EPSILON)
            load.append((made, [w["gamma"], w["beta"], w["mean"], w["var"]]))
        elif kind == "pool":
            pool = keras.layers.MaxPooling2D if layer["kind"] == "max" else keras.layers.AveragePooling2D
            made = pool(size(layer["size"], None), size(layer.get("stride"), None))
        elif kind == "global_average":
            made = keras.layers.GlobalAveragePooling2D()
        elif kind in ("dense", "output"):
            at = keras.layers.Flatten()(at)
            made = keras.layers.Dense(w["bias"].size)
            load.append((made, [w["kernel"], w["bias"]]))
        else:
            continue  # dropout
        at = made(at)
        if relu:
            at = keras.layers.ReLU()(at)
    model = keras.Model(start, keras.layers.Softmax()(at))
    for made, arrays in load:
        made.set_weights(arrays)
    return model.predict(x, verbose=0)


if __name__ == "__main__":
    run = {"torch": with_torch, "keras": with_keras}[sys.argv[1]]
    for folder in sys.argv[2:]:
        parity = np.load(f"{folder}/parity.npz")
        got = run(folder, normalized(folder, parity["patches"]).astype("f4"))
        worst = np.abs(got - parity["probabilities"]).max()
        print(f"{folder}: {sys.argv[1]}, largest difference {worst:.2g}")
        assert worst < 1e-4
