"""CPU time and memory of prep ingest beside ffmpeg on AAC and ALAC, in alternate runs:

    go build -o prep ./cmd/prep && python3 ingest/testdata/m4a_bench.py ./prep [--hours]

Prints the medians of seven runs of CPU seconds (user and system) for 300 s of stereo pink noise and a sine; with --hours, the
peak memory and CPU seconds for ten hours of them.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile

INPUTS = {
    "AAC 160 kbit/s, M4A": ("a.m4a", ["-c:a", "aac", "-b:a", "160k"]),
    "AAC 160 kbit/s, ADTS": ("a.aac", ["-c:a", "aac", "-b:a", "160k"]),
    "ALAC 16 bits, M4A": ("b.m4a", ["-c:a", "alac", "-sample_fmt", "s16p"]),
}


def cost(args):
    """Returns CPU seconds and peak memory in MB of a command."""
    pid = os.spawnvp(os.P_NOWAIT, args[0], args)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{args} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    prep, hours = os.path.abspath(sys.argv[1]), "--hours" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        source = "anoisesrc=d=300:c=pink:r=44100:a=0.3:seed=1[n];sine=f=440:d=300:r=44100[s];[n][s]amerge=2"
        for name, (file, args) in INPUTS.items():
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *args, file], check=True)
            if hours:
                long = "long" + os.path.splitext(file)[1]
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "119", "-i", file, "-c", "copy", long], check=True)
                cpu, memory = cost([prep, "ingest", long, "--set", "hours", "--quiet"])
                print(f"{name}, ten hours: {memory:.0f} MB, {cpu:.0f} s CPU", flush=True)
                subprocess.run(["rm", "-rf", "hours", long], check=True)
                continue
            ours, theirs = [], []
            for _ in range(7):
                subprocess.run(["rm", "-rf", "set"], check=True)
                ours.append(cost([prep, "ingest", file, "--set", "set", "--quiet"])[0])
                theirs.append(cost(["ffmpeg", "-v", "error", "-y", "-i", file, "-ac", "1", "-ar", "44100", "-f", "f32le", "out"])[0])
            a, b = statistics.median(ours), statistics.median(theirs)
            print(f"| {name} | {b:.3f} | {a:.3f} | {a / b:.2f} |", flush=True)


main()
