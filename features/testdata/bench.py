"""CPU time of one patch: ours, librosa's and torchaudio's, in alternate runs.

    python3 -m venv VENV && VENV/bin/pip install librosa==0.11.0 numpy==1.26.4 torch==2.2.2 torchaudio==2.2.2
    VENV/bin/python features/testdata/bench.py [--rounds 7] [kind ...]

Run from the root of the repository. All make the 64 x 64 patches of every
annotated VOPEC hit on one thread; ours is BenchmarkVOPEC. Printed is the median
over the rounds, in CPU-ms a hit, and how many times ours another's is.

torchaudio makes them one at a time, as a data set's __getitem__ does, and in
batches of all hits of a take. It has neither PCEN nor a constant-Q transform.
pcen hears the whole take once and crops; pcen-alone hears, like the others, no
more than the samples under the patch, and states ours that hears the whole take
beside it.
"""
import argparse
import glob
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):  # before the libraries start their threads
    os.environ[name + "_NUM_THREADS"] = "1"

import librosa
import numpy as np
import soundfile
import torch
import torchaudio

warnings.simplefilter("ignore")
torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
TAKES = os.path.join(HERE, "../../../shared/recordings/vopec/**/*.wav")
SR, HOP, WINDOW, FFT, N, PRE = 44100, 32, 512, 1024, 64, 132


def takes():
    for path in sorted(glob.glob(TAKES, recursive=True)):
        x, _ = soundfile.read(path, dtype="float32", always_2d=True)
        with open(path[:-4] + ".txt") as f:
            yield np.ascontiguousarray(x[:, 0]), [int(float(line.split()[0]) * SR) for line in f if line.strip()]


def span(x, start, n):
    out, lo, hi = np.zeros(n, np.float32), max(start, 0), min(start + n, len(x))
    if hi > lo:
        out[lo - start:hi - start] = x[lo:hi]
    return out


def frames(x, onset, fft):
    return span(x, onset - PRE - fft // 2, (N - 1) * HOP + fft)


STFT = dict(hop_length=HOP, win_length=WINDOW, center=False)


def linear(x, onset):
    p = np.abs(librosa.stft(frames(x, onset, 512), n_fft=512, **STFT)) ** 2
    return librosa.power_to_db(p[:256].reshape(N, 4, -1).mean(axis=1), ref=np.max)


def power_mel(x, onset, power=2.0):
    return librosa.feature.melspectrogram(y=frames(x, onset, FFT), sr=SR, n_fft=FFT, n_mels=N, power=power, **STFT)


def mel(x, onset):
    return librosa.power_to_db(power_mel(x, onset), ref=np.max)


def mfcc(x, onset):
    return librosa.feature.mfcc(S=librosa.power_to_db(power_mel(x, onset)), n_mfcc=N)


def modulation(x, onset):
    m = np.abs(np.fft.rfft(np.sqrt(power_mel(x, onset)), 2 * N, axis=1))[:, :N]
    return librosa.power_to_db(m**2, ref=np.max)


def pcen_alone(x, onset):
    return librosa.pcen(power_mel(x, onset, 1.0) * 2**31, sr=SR, hop_length=HOP)


def cqt(x, onset, bins=12, fmin=347.0, kind=librosa.cqt, **kw):
    y = span(x, onset - PRE - 35 * HOP, (N + 70) * HOP)
    c = kind(y, sr=SR, hop_length=HOP, fmin=fmin, n_bins=N, bins_per_octave=bins, tuning=0, **kw)
    return librosa.amplitude_to_db(np.abs(c[:, 35:35 + N]), ref=np.max)


def vqt(x, onset):
    return cqt(x, onset, 8, 65.4, librosa.vqt, gamma=14.3)


def pcen(x, onsets):
    s = librosa.feature.melspectrogram(y=x, sr=SR, n_fft=FFT, hop_length=HOP, win_length=WINDOW, n_mels=N, power=1.0)
    p = librosa.pcen(s * 2**31, sr=SR, hop_length=HOP)
    return [p[:, round((o - PRE) / HOP):][:, :N] for o in onsets]


def each(fn):
    return lambda x, onsets: [fn(x, o) for o in onsets]


LIBROSA = {"linear": each(linear), "mel": each(mel), "mfcc": each(mfcc), "modulation": each(modulation), "pcen": pcen,
           "pcen-alone": each(pcen_alone), "cqt": each(cqt), "vqt": each(vqt)}

MEL = dict(n_fft=FFT, win_length=WINDOW, hop_length=HOP, center=False, n_mels=N, norm="slaney", mel_scale="slaney")
spectrogram = torchaudio.transforms.Spectrogram(n_fft=512, win_length=WINDOW, hop_length=HOP, center=False)
melspectrogram = torchaudio.transforms.MelSpectrogram(SR, **MEL)
cepstrum = torchaudio.transforms.MFCC(SR, n_mfcc=N, melkwargs=MEL)


def decibels(p):
    top = p.amax((-2, -1), keepdim=True)
    db = 10 * torch.log10(torch.clamp(p, min=1e-20)) - 10 * torch.log10(torch.clamp(top, min=1e-20))
    return torch.clamp(db, min=-80)


def torch_modulation(y):
    return decibels(torch.fft.rfft(melspectrogram(y).sqrt(), 2 * N).abs()[..., :N] ** 2)


TORCH = {
    "linear": (512, lambda y: decibels(spectrogram(y)[..., :256, :].unflatten(-2, (N, 4)).mean(-2))),
    "mel": (FFT, lambda y: decibels(melspectrogram(y))),
    "mfcc": (FFT, cepstrum),
    "modulation": (FFT, torch_modulation),
}


@torch.inference_mode()
def torch_single(kind, x, onsets):
    fft, transform = TORCH[kind]
    return [transform(torch.from_numpy(frames(x, o, fft))) for o in onsets]


@torch.inference_mode()
def torch_batch(kind, x, onsets):
    fft, transform = TORCH[kind]
    return transform(torch.from_numpy(np.stack([frames(x, o, fft) for o in onsets])))


def cpu_ms(fn, every):
    before = time.process_time()
    for x, onsets in every:
        fn(x, onsets)
    return 1000 * (time.process_time() - before) / sum(len(o) for _, o in every)


def ours(binary, kind):
    out = subprocess.run([binary, "-test.run=^$", f"-test.bench=^BenchmarkVOPEC$/^{kind}$", "-test.benchtime=3x", "-test.cpu=1"],
                         cwd=os.path.dirname(HERE), capture_output=True, text=True, check=True).stdout
    found = re.search(r"([\d.]+) cpu-ms/hit", out)
    return float(found.group(1)) if found else sys.exit(out)


def peers(kind):
    yield "librosa", LIBROSA[kind]
    if kind in TORCH:
        yield "torchaudio", lambda x, onsets: torch_single(kind, x, onsets)
        yield "torchaudio batch", lambda x, onsets: torch_batch(kind, x, onsets)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("kinds", nargs="*", default=list(LIBROSA))
    options = options.parse_args()
    every = list(takes())
    print(sum(len(o) for _, o in every), "hits,", round(sum(len(x) for x, _ in every) / SR), "s")
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "features.test")
        subprocess.run(["go", "test", "-c", "-o", binary, "./features"], check=True)
        for kind in options.kinds:
            times = {}
            for _, fn in peers(kind):
                fn(*every[0])  # compiles, fills caches
            for _ in range(options.rounds):
                times.setdefault("ours", []).append(ours(binary, kind))
                if kind == "pcen-alone":
                    times.setdefault("ours, whole take", []).append(ours(binary, "pcen"))
                for name, fn in peers(kind):
                    times.setdefault(name, []).append(cpu_ms(fn, every))
            median = {name: statistics.median(t) for name, t in times.items()}
            print(kind, *(f"{name} {ms:.3f} ({ms / median['ours']:.1f}x)" for name, ms in median.items()), sep="  ", flush=True)


main()
