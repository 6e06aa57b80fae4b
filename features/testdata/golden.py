"""Makes the reference arrays that golden_test.go compares with.

    python3 -m venv VENV && VENV/bin/pip install librosa==0.11.0
    VENV/bin/python features/testdata/golden.py

Run from the root of the repository. The synthetic clip is made here and, by the
same formula, in the test. The real one is a VOPEC take that lies beside the
repository and is not part of it; without it its arrays stay as they are.
"""
import os
import warnings

import librosa
import numpy as np
import scipy.io.wavfile

warnings.simplefilter("ignore")
OUT = os.path.dirname(os.path.abspath(__file__))
REAL = os.path.join(OUT, "../../../shared/recordings/vopec/IGN/Kick_IGN.wav")
SR, HOP, WINDOW, FFT, BANDS, FRAMES = 44100, 32, 512, 1024, 64, 24
MOMENTS = {"synthetic": [-100, 5000 - 132, 7400], "real": [18800, 30007]}


def synthetic():
    n = 8000
    noise, state = np.zeros(n), 1
    for i in range(n):
        state = (1664525 * state + 1013904223) % 2**32  # Numerical Recipes, section 7.1
        noise[i] = state / 2**31 - 1
    i = np.arange(n)
    x = 0.001 * noise + 0.05 * np.sin(0.03 * i)
    at = i[5000:] - 5000
    x[5000:] += np.exp(-at / 700) * (0.4 * np.sin(0.02 * at) + 0.3 * noise[5000:])
    return x.astype(np.float32)


def real():
    sr, x = scipy.io.wavfile.read(REAL)
    assert sr == SR and x.dtype == np.int16
    return x.astype(np.float32) / 32768


def save(name, values):
    np.asarray(values, dtype="<f4").tofile(os.path.join(OUT, name + ".f32"))


def span(x, start, n):
    """Samples [start, start+n), zero beyond the edges."""
    out, lo, hi = np.zeros(n), max(start, 0), min(start + n, len(x))
    if hi > lo:
        out[lo - start:hi - start] = x[lo:hi]
    return out


def power(x, moment, fft=FFT, centred=True):
    """librosa pads the window to the middle of the FFT frame."""
    start = moment - fft // 2 + (0 if centred else WINDOW // 2)
    y = span(x, start, (FRAMES - 1) * HOP + fft)
    return np.abs(librosa.stft(y, n_fft=fft, hop_length=HOP, win_length=WINDOW, center=False)) ** 2


def mel(x, moment, fft=FFT, centred=True, **kw):
    bank = librosa.filters.mel(sr=SR, n_fft=fft, n_mels=BANDS, dtype=np.float64, **kw)
    return bank @ power(x, moment, fft, centred)


def pcen(x, moment, start="first"):
    x = span(x, 0, len(x) + 100 * HOP)
    s = librosa.feature.melspectrogram(
        y=x.astype(np.float64), sr=SR, n_fft=FFT, hop_length=HOP, win_length=WINDOW, center=True,
        pad_mode="constant", power=1, n_mels=BANDS) * 2**31
    frames = 0.4 * SR / HOP
    b = (np.sqrt(1 + 4 * frames**2) - 1) / (2 * frames**2)
    zi = {"first": (1 - b) * s[:, :1], "one": None, "level": np.full((BANDS, 1), (1 - b) * s[:, :FRAMES].mean())}[start]
    p = librosa.pcen(s, sr=SR, hop_length=HOP, zi=zi)
    first, out = round(moment / HOP), np.zeros((BANDS, FRAMES))
    for t in range(FRAMES):
        if 0 <= first + t < p.shape[1]:
            out[:, t] = p[:, first + t]
    return out


def modulation(x, moment):
    envelope = np.sqrt(mel(x, moment))
    return np.abs(np.fft.rfft(envelope, 64, axis=1))[:, :FRAMES] ** 2


def constant_q(x, moment, **kw):
    """Whole signal, cropped: the moment is a multiple of the hop.

    sparsity=0: by default librosa drops 1 % of each filter's spectrum, which moves
    its own cells within 40 dB of the peak by up to 3 dB on these clips.
    """
    front = 320 * HOP
    y = span(x, -front, len(x) + 2 * front)
    first = (moment + front) // HOP
    c = librosa.vqt(y, sr=SR, hop_length=HOP, n_bins=64, tuning=0, sparsity=0, pad_mode="constant", **kw)
    return np.abs(c[:, first:first + FRAMES])


def patches(name, x, moment, i):
    p = power(x, moment, 512)[:256]
    save(f"{name}-{i}-linear", p.reshape(64, 4, FRAMES).mean(axis=1))
    save(f"{name}-{i}-mel", mel(x, moment))
    save(f"{name}-{i}-mel-htk", mel(x, moment, fft=2048, htk=True, norm=None, fmin=50, fmax=12000))
    save(f"{name}-{i}-mel-begins", mel(x, moment, centred=False))
    save(f"{name}-{i}-mel-db", librosa.power_to_db(mel(x, moment), ref=np.max))
    save(f"{name}-{i}-mfcc", librosa.feature.mfcc(S=librosa.power_to_db(mel(x, moment)), n_mfcc=BANDS))
    save(f"{name}-{i}-pcen", pcen(x, moment))
    save(f"{name}-{i}-pcen-one", pcen(x, moment, "one"))
    save(f"{name}-{i}-pcen-level", pcen(x, moment, "level"))
    save(f"{name}-{i}-modulation", modulation(x, moment))
    near = moment // HOP * HOP
    save(f"{name}-{i}-cqt", constant_q(x, near, fmin=350, bins_per_octave=12, gamma=0))
    save(f"{name}-{i}-vqt", constant_q(x, near, fmin=100, bins_per_octave=9,
                                       gamma=20 - 100 * (2**(2 / 9) - 1) / (2**(2 / 9) + 1)))


def bank(name, **kw):
    """Sum, first moment and square of each filter: 3 x bands."""
    m = librosa.filters.mel(dtype=np.float64, **kw)
    k = np.arange(m.shape[1])
    save(name, np.stack([m.sum(axis=1), m @ k, (m**2).sum(axis=1)]))


def main():
    clips = {"synthetic": synthetic}
    if os.path.exists(REAL):
        clips["real"] = real
    for name, make in clips.items():
        for i, moment in enumerate(MOMENTS[name]):
            patches(name, make(), moment, i)
    case = 0
    for sr, fft in ((44100, 512), (44100, 2048), (22050, 1024), (48000, 512)):
        for htk in (False, True):
            for norm in ("slaney", None):
                for fmin, fmax in ((0, None), (80, 8000)):
                    bank(f"bank-{case}", sr=sr, n_fft=fft, n_mels=64, htk=htk, norm=norm, fmin=fmin, fmax=fmax)
                    case += 1


main()
