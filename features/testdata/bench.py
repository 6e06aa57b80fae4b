"""CPU time of librosa for the patches of BenchmarkVOPEC, in ms a hit.

    taskset -c 0 VENV/bin/python features/testdata/bench.py [kind ...]
    taskset -c 0 go test ./features -run XXX -bench VOPEC -cpu 1

in alternate runs, with OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1. pcen hears
the whole take once, as ours does; pcen-alone starts at each patch.
"""
import glob
import os
import sys
import time
import warnings

import librosa
import numpy as np
import soundfile

warnings.simplefilter("ignore")
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


KINDS = {"linear": each(linear), "mel": each(mel), "mfcc": each(mfcc), "modulation": each(modulation), "pcen": pcen,
         "pcen-alone": each(pcen_alone), "cqt": each(cqt), "vqt": each(vqt)}


def main():
    every = list(takes())
    hits = sum(len(o) for _, o in every)
    for kind in sys.argv[1:] or KINDS:
        KINDS[kind](*every[0])  # compiles, fills caches
        before = time.process_time()
        for x, onsets in every:
            KINDS[kind](x, onsets)
        print(f"{kind} {1000 * (time.process_time() - before) / hits:.3f} cpu-ms/hit, {hits} hits", flush=True)


main()
