"""Onsets of VOPEC by aubio, librosa, madmom and prep, scored side by side.

    python peers.py prepare VOPEC DIR   takes as 44.1 kHz mono float WAV, annotation as seconds
    python peers.py detect DIR          every system that imports or runs here
    go run ./segment/testdata/peers DIR prep's own
    python peers.py score DIR           the tables of docs/segment.md

detect adds what it can and leaves the rest, so it may run once in each of
several environments. The figures of the project were made with:

    aubio   0.4.9   apt install aubio-tools
    librosa 0.10.2  pip install librosa==0.10.2 soundfile soxr
    madmom  0.16.1  source package; Python 3.11, numpy 1.23.5, scipy 1.10, cython 0.29, setuptools 59, mido;
                    "from collections import MutableSequence" -> "collections.abc" in madmom/processors.py;
                    delete madmom/**/*.c, then python setup.py build_ext --inplace; PYTHONPATH to it

Score: tuned on the performers at even positions of the sorted list (their
best threshold, the constant offset), reported on those at odd positions. The
offset of a system is that which gives it the most pairs within 5 ms on the
tuning half. Matches are largest matchings, pooled over takes.
"""
import glob
import json
import os
import subprocess
import sys
import time

import numpy as np

RATE = 44100
AUBIO = ["hfc", "complex", "specflux", "specdiff", "energy", "phase", "wphase", "mkl", "kl"]
AUBIO_THRESHOLDS = ["default", 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0]
# madmom's own defaults first.
SUPERFLUX_THRESHOLDS = [1.1, 2, 4, 6, 9, 12]
RNN_THRESHOLDS = [0.35, 0.2, 0.5, 0.7, 0.85]
CNN_THRESHOLDS = [0.54, 0.3, 0.8, 0.9, 0.95]
TOLERANCES = [50, 25, 10, 5, 2]


def prepare(vopec, out):
    import soundfile
    import soxr
    os.makedirs(out, exist_ok=True)
    for wav in sorted(glob.glob(f"{vopec}/*/*.wav")):
        x, rate = soundfile.read(wav, always_2d=True)
        x = x.mean(1)
        if rate != RATE:
            x = soxr.resample(x, rate, RATE, quality="VHQ")
        name = f"{out}/{wav.split('/')[-2]}__{os.path.basename(wav)[:-4]}"
        soundfile.write(name + ".wav", x.astype("f4"), RATE, "FLOAT")
        x.astype("<f4").tofile(name + ".f32")
        with open(wav[:-4] + ".txt") as f:
            np.savetxt(name + ".ref", sorted(float(line.split("\t")[0]) for line in f if line.strip()), "%.9f")


def aubio(method, threshold):
    def run(path):
        given = [] if threshold == "default" else ["-t", str(threshold)]
        out = subprocess.run(["aubioonset", "-i", path, "-O", method, *given],
                             capture_output=True, text=True, check=True).stdout
        return [float(v) for v in out.split()]
    return run


def librosa_systems():
    import librosa

    def load(path):
        return librosa.load(path, sr=RATE)[0]

    def default(path):
        return librosa.onset.onset_detect(y=load(path), sr=RATE, units="time")

    def hop128(path):
        return librosa.onset.onset_detect(y=load(path), sr=RATE, hop_length=128, units="time")

    def superflux(hop):  # librosa's own SuperFlux example, whose hop is 5 ms
        def run(path):
            mel = librosa.feature.melspectrogram(y=load(path), sr=RATE, n_fft=1024, hop_length=hop,
                                                 fmin=27.5, fmax=16000, n_mels=138)
            env = librosa.onset.onset_strength(S=librosa.power_to_db(mel, ref=np.max), sr=RATE,
                                               hop_length=hop, lag=2, max_size=3)
            return librosa.onset.onset_detect(onset_envelope=env, sr=RATE, hop_length=hop, units="time")
        return run
    return {"librosa default": default, "librosa hop 128": hop128, "librosa superflux": superflux(RATE // 200),
            "librosa superflux hop 128": superflux(128)}


def madmom_systems():
    import soundfile
    from madmom.audio.signal import Signal
    from madmom.features import onsets as o
    from madmom.audio.filters import LogarithmicFilterbank
    from madmom.audio.spectrogram import SpectrogramDifferenceProcessor  # noqa: F401

    def signal(path):
        return Signal((soundfile.read(path)[0] * 32767).astype(np.int16), sample_rate=RATE, num_channels=1)

    def chain(act, picks):
        return lambda path: [picker(act(signal(path))) for picker in picks]

    def superflux(sig):  # the settings of madmom's bin/SuperFlux
        from madmom.audio.spectrogram import (FilteredSpectrogram, LogarithmicSpectrogram,
                                              SpectrogramDifference, Spectrogram)
        spec = Spectrogram(sig, fps=200, frame_size=2048)
        filt = FilteredSpectrogram(spec, filterbank=LogarithmicFilterbank, num_bands=24)
        log = LogarithmicSpectrogram(filt, mul=1, add=1)
        return np.asarray(SpectrogramDifference(log, diff_max_bins=3, positive_diffs=True).sum(axis=1))
    flux = [o.OnsetPeakPickingProcessor(fps=200, threshold=t, pre_max=0.01, post_max=0.05, pre_avg=0.15,
                                        post_avg=0, combine=0.03, delay=0) for t in SUPERFLUX_THRESHOLDS]
    rnn = [o.OnsetPeakPickingProcessor(fps=100, threshold=t, smooth=0.07, pre_max=0.01, post_max=0.01,
                                       combine=0.03) for t in RNN_THRESHOLDS]
    cnn = [o.OnsetPeakPickingProcessor(fps=100, threshold=t, smooth=0.05, pre_max=0.01, post_max=0.01,
                                       combine=0.03) for t in CNN_THRESHOLDS]
    return {"madmom superflux %s": (chain(superflux, flux), SUPERFLUX_THRESHOLDS),
            "madmom rnn %s": (chain(o.RNNOnsetProcessor(), rnn), RNN_THRESHOLDS),
            "madmom cnn %s": (chain(o.CNNOnsetProcessor(), cnn), CNN_THRESHOLDS)}


def record(folder, system, run):
    """Runs a system on every take, unless it has been; run may return one list or one a threshold."""
    names = system if isinstance(system, list) else [system]
    if all(os.path.exists(f"{folder}/{name}.json") for name in names):
        return
    takes = sorted(glob.glob(f"{folder}/*.wav"))
    start = os.times()
    found = [run(t) for t in takes]
    end = os.times()
    cpu = sum(end[:4]) - sum(start[:4])
    for i, name in enumerate(names):
        onsets = {os.path.basename(t)[:-4]: [float(v) for v in (f[i] if isinstance(system, list) else f)]
                  for t, f in zip(takes, found)}
        with open(f"{folder}/{name}.json", "w") as out:
            json.dump({"cpu_s": cpu, "onsets": onsets}, out)
    print(names[0], f"{cpu:.1f} s of CPU", flush=True)


def detect(folder):
    import shutil
    if shutil.which("aubioonset"):
        for method in AUBIO:
            for threshold in AUBIO_THRESHOLDS:
                record(folder, f"aubio {method} {threshold}", aubio(method, threshold))
    try:
        for name, run in librosa_systems().items():
            record(folder, name, run)
    except ImportError as err:
        print("no librosa:", err)
    try:
        for name, (run, thresholds) in madmom_systems().items():
            record(folder, [name % t for t in thresholds], run)
    except ImportError as err:
        print("no madmom:", err)


def matching(a, b, tolerance):
    """The size of a largest matching of two sorted lists, tolerance in seconds."""
    n = i = j = 0
    while i < len(a) and j < len(b):
        if abs(a[i] - b[j]) <= tolerance:
            n, i, j = n + 1, i + 1, j + 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return n


def pooled(takes, refs, onsets, tolerance, offset=0.0):
    hit = sum(matching(refs[t], np.asarray(onsets[t]) - offset, tolerance) for t in takes)
    total = sum(len(refs[t]) + len(onsets[t]) for t in takes)
    return 2 * hit / max(total, 1)


def systems(found, refs, tune):
    """Titles and names: of a system with thresholds its default and its best, at 50 ms on the tuning half."""
    defaults = {"madmom superflux": "1.1", "madmom rnn": "0.35", "madmom cnn": "0.54"}
    tried = {}
    for name in found:
        system, _, setting = name.rpartition(" ")
        numbered = setting.replace(".", "").isdigit() and not name.endswith("hop 128")
        if numbered or name.startswith("aubio"):
            tried.setdefault(system, []).append(setting)
        else:
            tried[name] = []
    for system, settings in sorted(tried.items(), key=lambda t: (not t[0].startswith("prep"), t)):
        if not settings:
            yield system, system
            continue
        usual = defaults.get(system, "default")
        best = max(settings, key=lambda t: pooled(tune, refs, found[f"{system} {t}"], 0.05))
        yield f"{system}, default", f"{system} {usual}"
        yield f"{system}, best: {best}", f"{system} {best}"


def interval(takes, refs, onsets, tolerance, rounds=2000):
    """The 95 % interval of pooled F over performers drawn with replacement."""
    rng, people = np.random.default_rng(1), sorted({t.split("__")[0] for t in takes})
    hit, total = {p: 0 for p in people}, {p: 0 for p in people}
    for t in takes:
        hit[t.split("__")[0]] += matching(refs[t], onsets[t], tolerance)
        total[t.split("__")[0]] += len(refs[t]) + len(onsets[t])
    drawn = [[people[i] for i in rng.integers(len(people), size=len(people))] for _ in range(rounds)]
    f = [2 * sum(hit[p] for p in d) / max(sum(total[p] for p in d), 1) for d in drawn]
    return np.percentile(f, [2.5, 97.5])


def score(folder):
    refs = {os.path.basename(f)[:-4]: np.atleast_1d(np.loadtxt(f)) for f in sorted(glob.glob(f"{folder}/*.ref"))}
    performers = sorted({t.split("__")[0] for t in refs})
    tune = [t for t in refs if performers.index(t.split("__")[0]) % 2 == 0]
    held = [t for t in refs if t not in tune]
    found = {}
    for f in sorted(glob.glob(f"{folder}/*.json")):
        with open(f) as handle:
            found[os.path.basename(f)[:-5]] = {t: sorted(v) for t, v in json.load(handle)["onsets"].items()}
    rows = list(systems(found, refs, tune))
    offsets = np.arange(-0.03, 0.0501, 0.0005)
    best = {n: max(offsets, key=lambda d: (pooled(tune, refs, found[n], 0.005, d), -abs(d))) for _, n in rows}
    for title, takes in (("Reported half: " + " ".join(performers[1::2]), held),
                         ("Tuning half: " + " ".join(performers[::2]), tune), ("All", list(refs))):
        print(f"\n{title}; {len(takes)} takes, {sum(len(refs[t]) for t in takes)} onsets\n")
        print("| system | " + " | ".join(f"{t} ms" for t in TOLERANCES) + " | offset, ms | "
              + " | ".join(f"{t} ms" for t in TOLERANCES) + " |\n|" + "---|" * (2 * len(TOLERANCES) + 2))
        for label, n in rows:
            given, less = ([f"{pooled(takes, refs, found[n], t / 1000, d):.3f}".lstrip("0") for t in TOLERANCES]
                           for d in (0, best[n]))
            print(f"| {label} | " + " | ".join(given) + f" | {1000 * best[n]:+.1f} | " + " | ".join(less) + " |")
        for label, n in rows:
            if label.startswith("prep"):
                ends = [interval(takes, refs, found[n], t / 1000) for t in TOLERANCES]
                print(f"{label}, intervals over performers: " + ", ".join(f"{lo:.3f} to {hi:.3f}" for lo, hi in ends))


if __name__ == "__main__":
    {"prepare": prepare, "detect": detect, "score": score}[sys.argv[1]](*sys.argv[2:])
