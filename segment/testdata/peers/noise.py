"""Onsets of VOPEC's reported half in noise, rooms, automatic gain and a phone's codec.

    python peers.py prepare VOPEC DIR
    python noise.py spoil DIR NOISY          every condition, a folder each
    python noise.py detect NOISY             aubio and librosa, each at its best on clean takes
    for d in NOISY/*; do go run ./segment/testdata/peers $d TAUGHT.bin LIVE.bin; done
    python noise.py score NOISY              the table of docs/segment.md

TAUGHT.bin and LIVE.bin have learned from the tuning half alone. Levels are RMS of the
noise re the take's peak. It takes numpy, scipy, soundfile, librosa, aubioonset and ffmpeg.
"""
import glob
import json
import os
import subprocess
import sys

import numpy as np
import soundfile
from scipy.signal import fftconvolve

from peers import RATE, aubio, librosa_systems, pooled, record

REPORTED = "AFR ARF BEA CAT CRA ISA JOL JSI JVS MAF MCO MOB MTP NOR OBM ROB SPS VGM ZIZ".split()
LEVELS = [40, 30, 20]


def white(n, rng):
    return rng.standard_normal(n)


def pink(n, rng):
    spectrum = np.fft.rfft(rng.standard_normal(n))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), n)


def add(x, noise, level):
    return x + noise / np.sqrt((noise ** 2).mean()) * np.abs(x).max() * 10 ** (-level / 20)


def gain(x):
    """A gain that falls within 5 ms and rises within 0.3 s, by 30 dB at most."""
    x = x / np.abs(x).max()
    down, up = np.exp(-1 / (0.005 * RATE)), np.exp(-1 / (0.3 * RATE))
    y, power, target = np.empty_like(x), 0.0, 0.1
    for i, v in enumerate(x):
        keep = down if v * v > power else up
        power = keep * power + (1 - keep) * v * v
        y[i] = v * min(target / max(np.sqrt(power), target / 31.6), 31.6)
    return y


def room(x, rng):
    """A small room: 0.25 s, its echo 8 dB below the direct sound."""
    n = int(0.25 * RATE)
    h = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    h[:int(0.002 * RATE)] = 0
    h *= 10 ** (-8 / 20) / np.sqrt((h ** 2).sum())
    h[0] = 1
    return fftconvolve(x, h)[:len(x)]


def phone(x, folder):
    """8 kHz by Opus at 12 kbit/s, as voice."""
    a, b, c = (f"{folder}/tmp.{e}" for e in ("wav", "opus", "out.wav"))
    soundfile.write(a, x / max(np.abs(x).max(), 1e-9) * 0.9, RATE, "FLOAT")
    quiet = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i"]
    subprocess.run([*quiet, a, "-ar", "8000", "-c:a", "libopus", "-b:a", "12k", "-application", "voip", b], check=True)
    subprocess.run([*quiet, b, "-ar", str(RATE), "-c:a", "pcm_f32le", c], check=True)
    y = soundfile.read(c)[0]
    for f in (a, b, c):
        os.remove(f)
    return np.pad(y, (0, max(0, len(x) - len(y))))[:len(x)]


def conditions(x, rng, folder):
    yield "clean", x
    for level in LEVELS:
        yield f"white noise at -{level} dB", add(x, white(len(x), rng), level)
        yield f"pink noise at -{level} dB", add(x, pink(len(x), rng), level)
        yield f"automatic gain, pink noise at -{level} dB", gain(add(x, pink(len(x), rng), level))
        yield f"small room, pink noise at -{level} dB", add(room(x, rng), pink(len(x), rng), level)
        yield f"phone, pink noise at -{level} dB", phone(add(x, pink(len(x), rng), level), folder)


def spoil(folder, out):
    os.makedirs(out, exist_ok=True)
    for k, wav in enumerate(sorted(glob.glob(f"{folder}/*.wav"))):
        name = os.path.basename(wav)[:-4]
        if name.split("__")[0] not in REPORTED:
            continue
        for what, y in conditions(soundfile.read(wav)[0], np.random.default_rng(k), out):
            d = f"{out}/{what}"
            os.makedirs(d, exist_ok=True)
            soundfile.write(f"{d}/{name}.wav", y.astype("f4"), RATE, "FLOAT")
            y.astype("<f4").tofile(f"{d}/{name}.f32")
            np.savetxt(f"{d}/{name}.ref", np.atleast_1d(np.loadtxt(f"{folder}/{name}.ref")), "%.9f")


def detect(out):
    hop128 = librosa_systems()["librosa hop 128"]
    for d in sorted(glob.glob(f"{out}/*/")):
        record(d, "aubio hfc 1.0", aubio("hfc", 1.0))
        record(d, "librosa hop 128", hop128)


def score(out):
    names = ["prep", "prep causal", "aubio hfc 1.0", "librosa hop 128"]
    print("| condition | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
    for d in sorted(glob.glob(f"{out}/*/")):
        refs = {os.path.basename(f)[:-4]: np.atleast_1d(np.loadtxt(f)) for f in glob.glob(f"{d}/*.ref")}
        row = []
        for n in names:
            with open(f"{d}/{n}.json") as f:
                found = {t: sorted(v) for t, v in json.load(f)["onsets"].items()}
            row.append(f"{pooled(list(refs), refs, found, 0.05):.3f}".lstrip("0"))
        print(f"| {os.path.basename(d[:-1])} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    {"spoil": spoil, "detect": detect, "score": score}[sys.argv[1]](*sys.argv[2:])
