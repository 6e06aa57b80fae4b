"""Training and inference of the presets: ours and PyTorch's, in alternate runs.

    apt-get install python3-torch python3-yaml        # Debian's PyTorch, or any other
    python3 train/testdata/bench.py [--rounds 5] [--seconds 4] [--threads 2] [preset ...]

Run from the root of the repository. Both make steps of the same network on
batches of 32 patches of 64 x 64 for 7 classes: forward, backward, Adam; or
forward alone. PyTorch does so in fp32 and in bf16 (autocast), channels_last, on
the given number of threads. A round runs every system for --seconds in a
process of its own, one after the other, so that a load from elsewhere falls on
all; ours also as a process of one thread for every thread, at once, as folds are
trained. Printed are medians over the rounds: patches a second of wall time, CPU
ms a patch, peak memory of the process, and how many times PyTorch's speed ours
is by wall (on one job; folds at once) and by CPU time.

PREP_KERNELS=avx2 measures that path.
"""
import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BATCH, SIZE, CLASSES = 32, 64, 7


def network(preset):
    import yaml
    from torch import nn
    pair = lambda text: tuple(int(v) for v in text.split("x"))
    modules, channels, shape = [], 1, (SIZE, SIZE)
    for layer in yaml.safe_load(open(f"train/presets/{preset}.yaml"))["layers"]:
        if layer["type"] == "conv":
            kernel, stride = pair(layer["kernel"]), pair(layer.get("stride", "1x1"))
            modules += [nn.Conv2d(channels, layer["filters"], kernel, stride, (kernel[0] // 2, kernel[1] // 2))]
            modules += [nn.ReLU(inplace=True)]
            channels, shape = layer["filters"], tuple(-(-n // s) for n, s in zip(shape, stride))
        elif layer["type"] == "pool":
            size = pair(layer["size"])
            modules += [(nn.MaxPool2d if layer["kind"] == "max" else nn.AvgPool2d)(size)]
            shape = tuple(n // s for n, s in zip(shape, size))
        elif layer["type"] == "batch_norm":
            modules += [nn.BatchNorm2d(channels)]
        elif layer["type"] == "dropout":
            modules += [nn.Dropout(layer["rate"])]
        else:
            sys.exit(f"{preset}: no PyTorch for layer {layer}")
    return nn.Sequential(*modules, nn.Flatten(), nn.Linear(channels * shape[0] * shape[1], CLASSES))


def torch_steps(preset, mode, bf16, threads, seconds):
    import torch
    from torch.nn import functional
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net = network(preset).to(memory_format=torch.channels_last)
    x = torch.randn(BATCH, 1, SIZE, SIZE).to(memory_format=torch.channels_last)
    y = torch.randint(0, CLASSES, (BATCH,))
    adam = torch.optim.Adam(net.parameters(), lr=1e-4)
    cast = lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16)

    def train():
        adam.zero_grad(set_to_none=True)
        with cast():
            loss = functional.cross_entropy(net(x).float(), y)
        loss.backward()
        adam.step()

    def infer():
        with torch.no_grad(), cast():
            net(x)

    step = train if mode == "train" else infer
    net.train(mode == "train")
    step(), step()
    steps, wall, cpu = 0, time.perf_counter(), time.process_time()
    while steps < 3 or time.perf_counter() - wall < seconds:
        step()
        steps += 1
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([steps * BATCH / wall, 1000 * cpu / steps / BATCH, memory, torch.__version__]))


def start(binary, preset, mode, threads, seconds):
    bench = ("BenchmarkStep" if mode == "train" else "BenchmarkInference") + f"$/^{preset}$"
    return subprocess.Popen([binary, "-test.run", "^$", "-test.bench", bench, "-test.benchtime", f"{seconds}s",
                             "-test.cpu", str(threads)], stdout=subprocess.PIPE, text=True)


def finish(proc):
    out = proc.stdout.read()
    _, status, used = os.wait4(proc.pid, 0)
    if status:
        sys.exit(out)
    rate = float(re.search(r"([\d.]+) patches/s", out)[1])
    steps = int(re.search(r"\s(\d+)\s+[\d.]+ ns/op", out)[1])
    # The graph, its buffers and a first step are in the CPU time: a little to our loss.
    return rate, 1000 * (used.ru_utime + used.ru_stime) / steps / BATCH, used.ru_maxrss / 1024


def ours(binary, preset, mode, threads, seconds):
    return finish(start(binary, preset, mode, threads, seconds))


def apart(binary, preset, mode, threads, seconds):
    """A process a thread, at once, as folds are trained: their rates and memory together, their mean CPU time."""
    done = [finish(p) for p in [start(binary, preset, mode, 1, seconds) for _ in range(threads)]]
    rates, cpu, memory = zip(*done)
    return sum(rates), statistics.mean(cpu), sum(memory)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=["seed"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--modes", default="train,infer")
    parser.add_argument("--torch", nargs=3, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.torch:
        preset, mode, bf16 = a.torch
        return torch_steps(preset, mode, bf16 == "bf16", a.threads, a.seconds)
    binary = os.path.join(tempfile.mkdtemp(), "train.test")
    subprocess.run(["go", "test", "-c", "-o", binary, "./train"], check=True)
    again = [sys.executable, __file__, "--threads", str(a.threads), "--seconds", str(a.seconds), "--torch"]
    for preset in a.presets:
        for mode in a.modes.split(","):
            runs = {"prep": [], "prep, one a thread": [], "fp32": [], "bf16": []}
            for _ in range(a.rounds):
                runs["prep"].append(ours(binary, preset, mode, a.threads, a.seconds))
                runs["prep, one a thread"].append(apart(binary, preset, mode, a.threads, a.seconds))
                for kind in ("fp32", "bf16"):
                    out = subprocess.run([*again, preset, mode, kind], check=True, capture_output=True, text=True).stdout
                    *figures, version = json.loads(out.splitlines()[-1])
                    runs[kind].append(figures)
            middle = {name: [statistics.median(v) for v in zip(*r)] for name, r in runs.items()}
            for name, (rate, cpu, memory) in middle.items():
                label = name if name.startswith("prep") else f"PyTorch {version} {name}"
                line = f"{preset:13} {mode:6} {label:24} {rate:8.1f} patches/s {cpu:8.2f} CPU ms a patch {memory:6.0f} MB"
                if not name.startswith("prep"):
                    line += f"   ours {middle['prep'][0] / rate:5.2f}x; {middle['prep, one a thread'][0] / rate:5.2f}x by wall, {cpu / middle['prep'][1]:5.2f}x by CPU"
                print(line, flush=True)


main()
