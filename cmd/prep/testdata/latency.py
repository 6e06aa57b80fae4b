"""How long after the end of a hit's window `prep predict -` prints its line.

    go build -o /tmp/prep ./cmd/prep
    python3 cmd/prep/testdata/latency.py /tmp/prep MODEL_DIR WAV...

Run from anywhere, on one core with `taskset -c 0`. The recordings, 16 bits and
mono, go in one after the other as raw samples at the pace of a sound card, 64
samples at a time. A hit's window ends with the last sample that its patch looks
at (the recipe's support); the time from when that sample was written to the
arrival of the line is the latency. The line's onset says which hit it is.
"""
import bisect
import json
import subprocess
import sys
import threading
import time
import wave

BLOCK = 64


def main(binary, model, *files):
    recipe = json.load(open(f"{model}/model.json"))["recipe"]
    support = max(c["first_sample"] + c["support_samples"] for c in recipe["channels"])
    first = wave.open(files[0])
    rate, frames = first.getframerate(), []
    for f in files:
        w = wave.open(f)
        if (w.getnchannels(), w.getsampwidth(), w.getframerate()) == (1, 2, rate):
            frames.append(w.readframes(w.getnframes()))
    raw = b"".join(frames)
    p = subprocess.Popen([binary, "predict", "-", "--model", model, "--rate", str(rate)],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    lines = []

    def listen():
        for line in p.stdout:
            lines.append((time.perf_counter(), json.loads(line)))

    listener = threading.Thread(target=listen)
    listener.start()
    begin, written, at = time.perf_counter() + 0.5, [], []
    for i in range(0, len(raw), 2 * BLOCK):
        due = begin + (i / 2 + BLOCK) / rate
        while (wait := due - time.perf_counter()) > 0:
            time.sleep(wait)
        p.stdin.write(raw[i:i + 2 * BLOCK])
        written.append(i // 2 + BLOCK)
        at.append(time.perf_counter())
    p.stdin.close()
    listener.join()
    late = []
    for when, line in lines:
        end = round(line["onset_s"] * rate) + round(support * rate / recipe["rate"])
        i = bisect.bisect_left(written, end)
        if i < len(at):
            late.append(1000 * (when - at[i]))
    late.sort()
    share = lambda q: late[min(len(late) - 1, int(q * len(late)))]
    print(f"{len(late)} hits in {len(raw) / 2 / rate:.0f} s: median {share(.5):.1f} ms, 90 % {share(.9):.1f} ms, "
          f"99 % {share(.99):.1f} ms, most {late[-1]:.1f} ms; {100 * bisect.bisect_left(late, 10) / len(late):.1f} % under 10 ms")


main(*sys.argv[1:])
