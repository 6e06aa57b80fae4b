#!/usr/bin/env python3
"""Hits a second of each transform beside audiomentations, in CPU time on one core.

    pip install audiomentations==0.43.1 fast-mp3-augment
    go test -c -o augment.test ./augment
    python3 augment/testdata/peers.py ./augment.test

Both work on the same clip of 350 ms, which is what prep renders of a hit, in
turn: three rounds, medians. "alone" is the transform of samples in memory, "whole"
also cuts the clip from its recording, and checks that the result is finite and
within full scale.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[library + "_NUM_THREADS"] = "1"
os.environ["GOMAXPROCS"] = "1"
warnings.filterwarnings("ignore")

import audiomentations as A
import numpy as np
import scipy.io.wavfile

RATE, CLIP, ROUNDS, SECONDS = 44100, 15435, 3, 0.1


def recording():
    """Returns a second of quiet noise with a kick: that of render_test.go."""
    t = np.arange(RATE) / RATE
    x = 1e-4 * np.random.default_rng(0).standard_normal(RATE)
    x[20000:] += 0.5 * np.exp(-t[:-20000] / 0.04) * np.sin(2 * np.pi * 110 * t[:-20000])
    return x.astype(np.float32)


def wav(folder, name, x):
    path = os.path.join(folder, name)
    scipy.io.wavfile.write(path, RATE, (x / np.abs(x).max()).astype(np.float32))
    return path


def peers(folder):
    """Returns pairs of a transform of prep and its peer."""
    noise = np.random.default_rng(1).standard_normal(13230)
    response = wav(folder, "response.wav", noise * 10 ** (-3 * np.arange(13230) / 13230))
    other = wav(folder, "other.wav", recording())
    band = dict(min_rolloff=24, max_rolloff=24, p=1)
    behind = A.AddBackgroundNoise(other, min_snr_db=10, max_snr_db=10, p=1)
    return [
        ("gain", A.Gain(min_gain_db=-6, max_gain_db=-6, p=1)),
        ("polarity", A.PolarityInversion(p=1)),
        ("shift", A.Shift(min_shift=88, max_shift=88, shift_unit="samples", rollover=False, p=1)),
        ("clipping", A.ClippingDistortion(min_percentile_threshold=5, max_percentile_threshold=5, p=1)),
        ("noise_white", A.AddGaussianSNR(min_snr_db=10, max_snr_db=10, p=1)),
        ("noise_pink", A.AddColorNoise(min_snr_db=10, max_snr_db=10, min_f_decay=-3.01, max_f_decay=-3.01, p=1)),
        ("room_tone", behind),
        ("background", behind),
        ("lowpass", A.LowPassFilter(min_cutoff_freq=4000, max_cutoff_freq=4000, **band)),
        ("highpass", A.HighPassFilter(min_cutoff_freq=200, max_cutoff_freq=200, **band)),
        ("tilt", A.SevenBandParametricEQ(p=1)),
        ("microphone", A.SevenBandParametricEQ(p=1)),
        ("codec", A.Mp3Compression(p=1)),
        ("reverb", A.ApplyImpulseResponse(response, p=1, leave_length_unchanged=True)),
        ("pitch", A.PitchShift(min_semitones=2, max_semitones=2, p=1)),
        ("pitch_formant", A.PitchShift(min_semitones=2, max_semitones=2, p=1)),
        ("stretch", A.TimeStretch(min_rate=0.9, max_rate=0.9, leave_length_unchanged=False, p=1)),
    ]


def prep(binary, benchmark, times):
    """Returns CPU seconds a hit of a benchmark, starting the binary taken off."""

    def cpu(n):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        flags = ["-test.run=^$", f"-test.bench=^Benchmark{benchmark}$", "-test.cpu=1", f"-test.benchtime={n}x"]
        subprocess.run([binary, *flags], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return max(cpu(times + 1) - cpu(1), 1e-9) / times


def python(fn):
    start, n = time.process_time(), 0
    while time.process_time() - start < SECONDS:
        fn()
        n += 1
    return (time.process_time() - start) / n


def whole(transform, x):
    y = transform(x[13340 : 13340 + CLIP].copy(), RATE)
    peak = np.abs(y).max()
    if not np.isfinite(peak):
        raise ValueError("not finite")
    return y / peak if peak > 1 else y


def main(binary):
    x = recording()
    clip = x[13340 : 13340 + CLIP].copy()
    print("| transform | alone | audiomentations | ratio | whole | audiomentations | ratio |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, peer in peers(folder):
            peer(clip, RATE)  # what is loaded and kept
            cells = []
            for benchmark, fn in (("Transform", lambda: peer(clip, RATE)), ("Render", lambda: whole(peer, x))):
                times = int(SECONDS / prep(binary, f"{benchmark}/{name}", 300)) + 1
                rounds = [(prep(binary, f"{benchmark}/{name}", times), python(fn)) for _ in range(ROUNDS)]
                ours, theirs = (1 / statistics.median(column) for column in zip(*rounds))
                cells += [f"{ours:,.0f}", f"{theirs:,.0f}", f"{ours / theirs:.1f}"]
            print("|", " | ".join([name, *cells]), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
