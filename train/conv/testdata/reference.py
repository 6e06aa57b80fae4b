"""Writes reference.json: the loss and gradients of a small network by PyTorch in float64.

The network has every layer of prep/train/conv but dropout, whose masks are its own. Inputs and weights
come from the integer sequence of numbers() so that the test makes them itself and only outputs are
stored. Made by python reference.py > reference.json with torch 2.2.2.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def numbers(seed, *shape):
    """Multiples of 1/128 in [-1, 1), exact in float32, from a linear congruential generator."""
    x, out = seed, []
    for _ in range(math.prod(shape)):
        x = (1664525 * x + 1013904223) % 2**32
        out.append((x >> 24) / 128 - 1)
    return torch.tensor(out).reshape(shape)


def same(x, kh, kw, sh, sw):
    """ONNX's SAME_UPPER."""
    h, w = x.shape[2:]
    ph = max((math.ceil(h / sh) - 1) * sh + kh - h, 0)
    pw = max((math.ceil(w / sw) - 1) * sw + kw - w, 0)
    return F.pad(x, (pw // 2, pw - pw // 2, ph // 2, ph - ph // 2))


parameters = []


def parameter(scale, *shape):
    p = (numbers(len(parameters) + 2, *shape) * scale).requires_grad_()
    parameters.append(p)
    return p


def conv(x, cout, kh, kw, sh=1, sw=1):
    """Weights are HWIO, as ours."""
    cin = x.shape[1]
    w, b = parameter(2.0 ** -round(math.log2(kh * kw * cin) / 2), kh, kw, cin, cout), parameter(0.25, cout)
    return F.conv2d(same(x, kh, kw, sh, sw), w.permute(3, 2, 0, 1), b, stride=(sh, sw))


x = numbers(1, 3, 12, 14, 1).permute(0, 3, 1, 2)
h = F.relu(conv(x, 8, 5, 5))
h = F.relu(conv(h, 16, 5, 5))
h = conv(h, 12, 3, 3)
gamma, beta = parameter(1, 12), parameter(0.5, 12)
h = F.relu(F.batch_norm(h, None, None, gamma, beta, training=True, eps=1e-5))
h = F.max_pool2d(h, 2)
h = F.relu(conv(h, 9, 1, 7))
h = F.relu(conv(h, 10, 7, 1, 2, 1))
h = F.avg_pool2d(h, (1, 2), (1, 2), ceil_mode=True, count_include_pad=False)
h = h.permute(0, 2, 3, 1).flatten(1)
w, b = parameter(0.125, h.shape[1], 4), parameter(0.25, 4)
logits = h @ w + b
targets = torch.tensor([[1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4], [0, 0, 0.5, 0.5]])
weights = torch.tensor([1, 0.5, 2])
loss = -(weights * (targets * F.log_softmax(logits, 1)).sum(1)).sum() / weights.sum()
loss.backward()
print(json.dumps({
    "loss": loss.item(),
    "logits": logits.flatten().tolist(),
    "gradients": [[float("%.9g" % v) for v in p.grad.flatten().tolist()] for p in parameters],
}))
