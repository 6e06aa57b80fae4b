"""Holds the label files of trees, chunks and events against the tools that own
them, both ways: the test TestMarkupInterop writes DIR/truth.json and a file a
format, this reads them with other tools, counts the labels that are as they
should be, and writes its own files into DIR/back, which the test reads.

    python3 -m venv venv
    venv/bin/pip install label-studio-sdk jams mido mir_eval soundfile wavinfo pympi-ling
    INTEROP=venv/bin/python go test ./data/labelfile -run MarkupInterop -v

The numbers that it made are in interop_markup.txt.
"""

import json
import os
import sys
import warnings
import xml.etree.ElementTree as ElementTree

import jams
import mido
import mir_eval
import numpy as np
import pympi
import soundfile
import wavinfo
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

warnings.simplefilter("ignore")
folder = sys.argv[1]
back = os.path.join(folder, "back")
os.makedirs(back, exist_ok=True)
truth = json.load(open(os.path.join(folder, "truth.json")))
rate, marks = truth["rate"], truth["marks"]  # [onset, end, class], end 0 of a moment
length = truth["samples"] / rate


def path(name):
    return os.path.join(folder, name)


def report(tool, got, grain, ends=True):
    """Counts those of got that are the mark of their place."""
    right = sum(
        abs(g[0] - m[0]) <= grain * 1.001 and (not ends or abs(g[1] - m[1]) <= grain * 1.001) and g[2] == m[2]
        for g, m in zip(got, marks)
    )
    print(f"{tool}: {right} of {len(marks)} ({len(got)} read)")
    if right < len(marks) or len(got) != len(marks):
        sys.exit(tool)


def label_studio():
    """The converter reads our tasks; the interface checks them and makes its own."""
    config = open(path("label-studio.xml")).read()
    interface = LabelInterface(config)
    tasks = json.load(open(path("label-studio.json")))
    for i, task in enumerate(tasks):
        task["id"] = i + 1
        for k, a in enumerate(task["annotations"]):
            a["id"], a["completed_by"] = k + 1, {"id": 1, "email": "a@example.org"}
    bad = [a for t in tasks for a in t["annotations"] if not interface.validate_annotation(a)]
    if bad or not interface.validate_task({"data": tasks[0]["data"]}):
        sys.exit("label-studio-sdk: the annotation is not valid")
    os.makedirs(path("studio-in"), exist_ok=True)
    json.dump(tasks, open(path("studio-in/tasks.json"), "w"))
    converter = Converter(config=config, project_dir=None)
    converter.convert_to_json_min(path("studio-in"), back, is_dir=True)
    least = json.load(open(os.path.join(back, "result.json")))
    os.rename(os.path.join(back, "result.json"), os.path.join(back, "min.json"))
    got = [(r["start"], r["end"], r["labels"][0]) for r in least[0]["label"]]
    report("label-studio-sdk, converter to JSON-MIN", [(s, 0 if e == s else e, c) for s, e, c in got], 1e-9)
    control = interface.get_control("label")
    results = [control.label(label=[c], start=s, end=max(s, e))._dict() for s, e, c in marks]
    made = [{"id": 1, "data": {"audio": "/data/upload/1/0a1b2c3d-take.wav"}, "annotations": [{"id": 1, "completed_by": 1, "result": results}]}]
    json.dump(made, open(os.path.join(back, "made.json"), "w"))


def jams_files():
    j = jams.load(path("take.jams"), validate=True, strict=True)
    a = j.search(namespace="segment_open")[0]
    report("jams", [(o.time, o.time + o.duration if o.duration else 0, o.value) for o in a.data], 1e-9)
    made = jams.JAMS()
    made.file_metadata.duration = length
    ann = jams.Annotation(namespace="segment_open", duration=length)
    for s, e, c in marks:
        ann.append(time=s, duration=max(0, e - s), value=c, confidence=1)
    made.annotations.append(ann)
    made.save(os.path.join(back, "made.jams"))


def elan():
    eaf = pympi.Elan.Eaf(path("take.eaf"))
    got = [(s / 1000, 0 if e - s <= 1 else e / 1000, c) for s, e, c in sorted(t[:3] for t in eaf.get_annotation_data_for_tier("hits"))]
    report("pympi", got, 0.0005)
    made = pympi.Elan.Eaf()
    made.add_tier("labels")
    for s, e, c in marks:
        from_ = round(s * 1000)
        made.add_annotation("labels", from_, max(from_ + 1, round(e * 1000)), c)
    made.add_linked_file("file:///x/take.wav", relpath="./take.wav", mimetype="audio/x-wav")
    made.to_file(os.path.join(back, "made.eaf"))


def midi():
    names, got, now = {}, [], 0.0
    for m in mido.MidiFile(path("take.mid"), charset="utf-8"):
        now += m.time
        if m.type == "text" and m.text.startswith("note "):
            key, name = m.text[5:].split(": ", 1)
            names[int(key)] = name
        elif m.type == "note_on" and m.velocity > 0:
            got.append((now, 0, names[m.note]))
    report("mido", got, 0.5 / 1920, ends=False)
    f, _, _ = mir_eval.onset.f_measure(np.array([m[0] for m in marks]), np.array([g[0] for g in got]), window=0.0003)
    print(f"mir_eval, onsets of the notes within .3 ms: F {f:.4f}")
    keys = {c: k for k, c in names.items()}
    file, track = mido.MidiFile(ticks_per_beat=480, charset="utf-8"), mido.MidiTrack()
    file.tracks.append(track)
    tempos, tick = [500000, 413793, 600000], 0
    track.append(mido.MetaMessage("set_tempo", tempo=tempos[0], time=0))
    events = []  # of (tick, message), on a tempo that changes every 10 s
    edges, base = [], 0
    for i in range(200):
        edges.append((10.0 * i, base, tempos[i % 3]))
        base += round(mido.second2tick(10.0, 480, tempos[i % 3]))
    start = 0.0
    exact = []
    for i, (_, at, tempo) in enumerate(edges):
        exact.append((start, at, tempo))
        following = edges[i + 1][1] if i + 1 < len(edges) else at
        start += mido.tick2second(following - at, 480, tempo)
        events.append((at, 0, mido.MetaMessage("set_tempo", tempo=tempo)))
    for s, e, c in marks:
        begin, at, tempo = [x for x in exact if x[0] <= s][-1]
        on = at + round(mido.second2tick(s - begin, 480, tempo))
        events.append((on, 1, mido.Message("note_on", channel=9, note=keys[c], velocity=90)))
        events.append((on + 20, 0, mido.Message("note_on", channel=9, note=keys[c], velocity=0)))
    for at, _, message in sorted(events, key=lambda x: x[:2]):
        track.append(message.copy(time=at - tick))
        tick = at
    file.save(os.path.join(back, "made.mid"))
    json.dump({str(k): v for k, v in names.items()}, open(os.path.join(back, "notes.json"), "w"))


def cues():
    info = wavinfo.WavInfoReader(path("take.wav"), info_encoding="utf-8")
    labels = {l.name: l.text for l in info.cues.labels}
    lengths = {r.name: r.length for r in info.cues.ranges}
    got = [(c.sample_offset / rate, (c.sample_offset + lengths[c.name]) / rate if c.name in lengths else 0, labels[c.name]) for c in info.cues.cues]
    report("wavinfo", got, 1e-9)
    ffi, snd = soundfile._ffi, soundfile._snd
    with soundfile.SoundFile(path("take.wav")) as f:
        size = 4 + 280 * len(marks)
        b = ffi.new("char[]", size)
        b[0:4] = len(marks).to_bytes(4, "little")
        snd.sf_command(f._file, 0x10CE, b, size)  # SFC_GET_CUE
        raw = bytes(ffi.buffer(b))
    points = [raw[4 + 280 * i : 284 + 280 * i] for i in range(int.from_bytes(raw[:4], "little"))]
    got = [(int.from_bytes(p[20:24], "little") / rate, 0, p[24:].split(b"\0")[0].decode()) for p in points]
    report("libsndfile (by soundfile)", got, 1e-9, ends=False)
    a, _ = soundfile.read(path("take.wav"), dtype="int16")
    b, _ = soundfile.read(path("bare.wav"), dtype="int16")
    print(f"soundfile: {int((a == b).sum())} of {len(b)} samples unchanged")
    raw = len(marks).to_bytes(4, "little")
    for i, (s, _, c) in enumerate(marks):
        at = round(s * rate).to_bytes(4, "little")
        raw += (i + 1).to_bytes(4, "little") + at + b"data" + bytes(8) + at + c.encode().ljust(256, b"\0")
    with soundfile.SoundFile(os.path.join(back, "made.wav"), "w", rate, 1, "PCM_16") as f:
        snd.sf_command(f._file, 0x10CF, ffi.from_buffer(raw), len(raw))  # SFC_SET_CUE
        f.write(np.zeros(truth["samples"], dtype="int16"))


def sonic_visualiser():
    """No tool of its own runs without a screen: the XML, by its documented fields."""
    root = ElementTree.parse(path("take.svl")).getroot()
    model = root.find("data/model").attrib
    points = root.findall(f"data/dataset[@id='{model['dataset']}']/point")
    sr = int(model["sampleRate"])
    got = [(int(p.get("frame")) / sr, (int(p.get("frame")) + int(p.get("duration"))) / sr if int(p.get("duration")) else 0, p.get("label")) for p in points]
    report("ElementTree on .svl", got, 1e-9)


for step in (label_studio, jams_files, elan, midi, cues, sonic_visualiser):
    step()
