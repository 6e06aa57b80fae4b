package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// spoiled is a set made hostile: how, by which commands it is met without -tags
// long, and what check says.
type spoiled struct {
	do   func(t *testing.T, set string)
	by   []string
	want string
}

// hostileSets returns the hostile sets by what they are called in the table.
func hostileSets() map[string]spoiled {
	all := map[string]spoiled{}
	for _, some := range []map[string]spoiled{foreignFiles(), foreignLines(), foreignArrays(), foreignModels(), foreignWords()} {
		for name, s := range some {
			if s.by == nil {
				s.by = []string{"check"}
			}
			all[name] = s
		}
	}
	return all
}

// firstOf returns a file of a set that matches a pattern below it.
func firstOf(t *testing.T, set, pattern string) string {
	t.Helper()
	dir, base := filepath.Split(pattern)
	entries, err := os.ReadDir(filepath.Join(set, dir))
	must(t, err)
	for _, e := range entries {
		if ok, _ := filepath.Match(base, e.Name()); ok {
			return filepath.Join(set, dir, e.Name())
		}
	}
	t.Fatalf("no %s", pattern)
	return ""
}

// foreignFiles are links, pipes, sockets and files without end in a set's places.
func foreignFiles() map[string]spoiled {
	all := map[string]spoiled{}
	for _, place := range []string{"audio/*.wav", "recordings.jsonl", "hits.jsonl", "labels.jsonl", ".lock", "features/mel.npy", "features/mel.json",
		"features/mel.jsonl", "models/compact/model.json", "models/compact/weights.safetensors", "runs/segment.json", "plots/pictures.json"} {
		put := func(make func(path string) error) func(*testing.T, string) {
			return func(t *testing.T, set string) {
				path := filepath.Join(set, place)
				if strings.Contains(place, "*") {
					path = firstOf(t, set, place)
				}
				must(t, os.RemoveAll(path), make(path))
			}
		}
		all["a pipe: "+place] = spoiled{put(func(p string) error { return syscall.Mkfifo(p, 0o666) }), nil, "a pipe"}
		all["a link to /dev/zero: "+place] = spoiled{put(func(p string) error { return os.Symlink("/dev/zero", p) }), nil, "leads out of the set"}
		all["a link to a draft: "+place] = spoiled{put(func(p string) error {
			return os.Symlink(filepath.Join(filepath.Dir(p[:strings.Index(p, "/set/")+4]), "theirs", "draft.jsonl"), p)
		}), nil, "leads out of the set"}
		all["a link to nothing: "+place] = spoiled{put(func(p string) error { return os.Symlink("../../theirs/new", p) }), nil,
			map[bool]string{true: "no set here", false: "a link to nothing"}[place == "recordings.jsonl"]}
	}
	for _, folder := range []string{"audio", "features", "models", "models/compact", "plots", "runs", "shards", "sweeps"} {
		all["a folder that leads out: "+folder] = spoiled{func(t *testing.T, set string) {
			path := filepath.Join(set, folder)
			must(t, os.RemoveAll(path), os.Symlink(filepath.Join(filepath.Dir(set), "theirs"), path))
		}, []string{"check", "segment", "plot"}, "leads out of the set"}
	}
	all["a socket"] = spoiled{func(t *testing.T, set string) {
		l, err := net.Listen("unix", filepath.Join(set, "runs", "s.json"))
		must(t, err)
		t.Cleanup(func() { l.Close() })
	}, nil, "a socket"}
	all["a link round and round"] = spoiled{func(t *testing.T, set string) {
		must(t, os.Symlink("b", filepath.Join(set, "models", "a")), os.Symlink("a", filepath.Join(set, "models", "b")))
	}, nil, "a link to nothing"}
	for _, place := range []string{"recordings.jsonl", "hits.jsonl", "labels.jsonl", "features/mel.npy", "features/mel.json", "features/mel.jsonl",
		"models/compact/model.json", "models/compact/weights.safetensors", "runs/segment.json", "plots/pictures.json"} {
		all["100 GB of nothing: "+place] = spoiled{func(t *testing.T, set string) {
			os.Remove(filepath.Join(set, filepath.Dir(place), strings.TrimSuffix(filepath.Base(place), filepath.Ext(place))+".manifest"))
			must(t, os.WriteFile(filepath.Join(set, place), nil, 0o666), os.Truncate(filepath.Join(set, place), 100<<30))
		}, []string{"plot"}, ""}
	}
	return all
}

// edited returns what puts another text for the first match in a file of the set.
func edited(name, pattern, with string) func(*testing.T, string) {
	return func(t *testing.T, set string) {
		path := filepath.Join(set, name)
		text, err := os.ReadFile(path)
		must(t, err)
		at := regexp.MustCompile(pattern).FindIndex(text)
		if at == nil {
			t.Fatalf("%s has no %s", name, pattern)
		}
		must(t, os.WriteFile(path, slices.Concat(text[:at[0]], []byte(with), text[at[1]:]), 0o666))
	}
}

// wrote returns what replaces a file, and takes the manifest away that would tell.
func wrote(name, text string) func(*testing.T, string) {
	return func(t *testing.T, set string) {
		path := filepath.Join(set, name)
		manifests, _ := os.ReadDir(filepath.Dir(path))
		for _, m := range manifests {
			if filepath.Ext(m.Name()) == ".manifest" {
				must(t, os.Remove(filepath.Join(filepath.Dir(path), m.Name())))
			}
		}
		must(t, os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666))
	}
}

// foreignLines are manifests, journals and records with what no stage writes.
func foreignLines() map[string]spoiled {
	id := `"id":"[0-9a-f]+"`
	by := []string{"check", "segment", "export", "plot", "features"}
	return map[string]spoiled{
		"an ID that climbs":              {edited("recordings.jsonl", id, `"id":"../../theirs/draft"`), by, "can be no ID"},
		"an ID that is absolute":         {edited("recordings.jsonl", id, `"id":"/etc/passwd"`), by, "can be no ID"},
		"an ID ..":                       {edited("recordings.jsonl", id, `"id":".."`), by, "can be no ID"},
		"an ID with a NUL":               {edited("recordings.jsonl", id, `"id":"a\u0000"`), by, "can be no ID"},
		"a hit's ID that climbs":         {edited("hits.jsonl", `"id":"[0-9a-f-]+"`, `"id":"../../theirs/x"`), by, "can be no ID"},
		"a hit of elsewhere":             {edited("hits.jsonl", `"recording":"[0-9a-f]+"`, `"recording":"../x"`), by, "can be no ID"},
		"a parent of elsewhere":          {edited("hits.jsonl", `"parent":"[^"]*"`, `"parent":"../../x"`), by, "can be no ID"},
		"a background of elsewhere":      {edited("hits.jsonl", `"lineage":(null|\[\])`, `"lineage":[{"name":"background:../../theirs/draft"}]`), by, "can be no ID"},
		"a label of elsewhere":           {edited("labels.jsonl", `"recording":"[0-9a-f]+"`, `"recording":"../../x"`), by, "can be no ID"},
		"rate 0":                         {edited("recordings.jsonl", `"rate":\d+`, `"rate":0`), by, "a rate of 0 Hz"},
		"rate -1":                        {edited("recordings.jsonl", `"rate":\d+`, `"rate":-1`), by, "a rate of -1 Hz"},
		"rate 2^60":                      {edited("recordings.jsonl", `"rate":\d+`, `"rate":1152921504606846976`), by, "a rate of"},
		"rate 1":                         {edited("recordings.jsonl", `"rate":\d+`, `"rate":1`), by, ""},
		"2^62 samples":                   {edited("recordings.jsonl", `"samples":\d+`, `"samples":4611686018427387904`), by, "can be no position"},
		"2^47 samples":                   {edited("recordings.jsonl", `"samples":\d+`, `"samples":140737488355328`), by, ""},
		"an onset of -2^63":              {edited("hits.jsonl", `"onset":\d+`, `"onset":-9223372036854775808`), by, "can be no position"},
		"a hit of 2^47 samples":          {edited("hits.jsonl", `"end":\d+`, `"end":140737488355328`), by, ""},
		"a hit that ends first":          {edited("hits.jsonl", `"end":\d+`, `"end":0`), by, ""},
		"a label at 2^63-1":              {edited("labels.jsonl", `"onset":\d+`, `"onset":9223372036854775807`), by, "can be no position"},
		"a class of 2 MB":                {edited("labels.jsonl", `"class":"[^"]+"`, `"class":"`+strings.Repeat("x", 2<<20)+`"`), by, ""},
		"a class of 17 MB":               {edited("labels.jsonl", `"class":"[^"]+"`, `"class":"`+strings.Repeat("x", 17<<20)+`"`), by, "longer than"},
		"a number without end":           {edited("hits.jsonl", `"onset":\d+`, `"onset":`+strings.Repeat("9", 1<<20)), by, "not a valid line"},
		"JSON nested 100,000 deep":       {edited("hits.jsonl", `"mark":`, `"lineage":`+strings.Repeat("[", 100_000)), by, "not a valid line"},
		"a byte order mark":              {edited("hits.jsonl", `^`, "\xef\xbb\xbf"), by, "not a valid line"},
		"UTF-16":                         {wrote("recordings.jsonl", "\xff\xfe{\x00}\x00\n\x00"), by, "not a valid line"},
		"a recording twice":              {edited("recordings.jsonl", `(?s)^(.*)$`, ""), by, ""},
		"bytes that are no text":         {wrote("labels.jsonl", string(bytes.Repeat([]byte{0, 0xff, '\n'}, 1000))), by, "not a valid line"},
		"an empty hits.jsonl":            {wrote("hits.jsonl", ""), by, ""},
		"a record of another's files":    {edited("runs/segment.json", `"labels.jsonl"`, `"../theirs/draft.jsonl"`), by, "not a record"},
		"a record of /dev/zero":          {edited("runs/segment.json", `"labels.jsonl"`, `"/dev/zero"`), by, "not a record"},
		"a record {}":                    {wrote("runs/segment.json", "{}"), by, "not a record"},
		"a record null":                  {wrote("runs/segment.json", "null"), by, "not a record"},
		"a record of another's pictures": {wrote("plots/pictures.json", `[{"path":"../../theirs/draft.jsonl"}]`), []string{"check", "plot"}, ""},
		"pictures {}":                    {wrote("plots/pictures.json", `{}`), []string{"check", "plot"}, ""},
		"a part of 4 GB in one line":     {bigPart, []string{"check", "merge"}, ""},
		"a part that is none":            {wrote("shards/segment/00000-of-00001.part", "{}\nnothing"), []string{"merge"}, ""},
		"a part by another name":         {wrote("shards/segment/-0001-of-00001.part", "{}\n"), []string{"check", "merge"}, ""},
	}
}

func bigPart(t *testing.T, set string) {
	path := filepath.Join(set, "shards", "segment", "00000-of-00001.part")
	must(t, os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, nil, 0o666), os.Truncate(path, 4<<30))
}

// npy returns an array of patches with a header of its own.
func npy(dict string, values ...float32) string {
	head := fmt.Sprintf("\x93NUMPY\x01\x00\x76\x00%-117s\n", dict)
	b, _ := binary.Append([]byte(head), binary.LittleEndian, values)
	return string(b)
}

// floatsOf returns what sets all values of the patches.
func floatsOf(v uint32) func(*testing.T, string) {
	return func(t *testing.T, set string) {
		path := filepath.Join(set, "features", "mel.npy")
		b, err := os.ReadFile(path)
		must(t, err)
		for at := 128; at < len(b); at += 4 {
			binary.LittleEndian.PutUint32(b[at:], v+uint32(at%7)<<12)
		}
		wrote("features/mel.npy", string(b))(t, set)
	}
}

// foreignArrays are patches and recipes that no stage makes.
func foreignArrays() map[string]spoiled {
	all := map[string]spoiled{}
	by := []string{"check", "plot", "train"}
	for name, shape := range map[string]string{"a shape that overflows": "4294967296, 4294967296, 4", "a shape whose bytes overflow": "2147483647, 2147483647, 2147483647",
		"a shape of four that overflows": "2147483647, 65536, 65536, 8", "a patch of 4 GB": "1, 32768, 32768", "no patch of 10^18": "0, 1000000000, 1000000000",
		"a shape below 0": "-1, 64, 64", "a shape of 1e20": "1, 100000000000000000000, 1", "a shape of 0": "28, 0, 64", "no shape": ""} {
		all["npy: "+name] = spoiled{wrote("features/mel.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': ("+shape+"), }", 1, 2)), by, ""}
	}
	all["npy: float64"] = spoiled{wrote("features/mel.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1), }", 1, 2)), by, ""}
	all["npy: objects"] = spoiled{wrote("features/mel.npy", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1), }", 1, 2)), by, ""}
	all["npy: cut short"] = spoiled{wrote("features/mel.npy", "\x93NUMPY"), by, "cut short"}
	all["patches of 1e20"] = spoiled{floatsOf(0x60ad78ec), by, ""}
	all["patches of 3e38"] = spoiled{floatsOf(0x7f61b1e6), by, ""}
	all["patches of NaN"] = spoiled{floatsOf(0x7fc00000), by, ""}
	all["patches of 1e-45"] = spoiled{floatsOf(1), by, ""}
	recipe := func(name, pattern, with string) {
		all["a recipe: "+name] = spoiled{func(t *testing.T, set string) {
			edited("features/mel.json", pattern, with)(t, set)
			text, err := os.ReadFile(filepath.Join(set, "features", "mel.json"))
			must(t, err)
			wrote("features/mel.json", string(text))(t, set)
		}, []string{"check", "plot", "train", "predict"}, ""}
	}
	for _, text := range []string{"{}", "[]", "null", `{"channels":[{}]}`, `{"version":1,"config":{"kind":"mel"}}`, "{", strings.Repeat("[", 1<<20)} {
		all[fmt.Sprintf("a recipe: %.40s", text)] = spoiled{wrote("features/mel.json", text), []string{"check", "plot", "train"}, ""}
	}
	recipe("no rate", `"rate": \d+`, `"rate": 0`)
	recipe("1e9 frames", `"frames": \d+`, `"frames": 1000000000`)
	recipe("frames of 1e20", `"frames": \d+`, `"frames": 100000000000000000000`)
	recipe("no step", `"column_step": [\d.]+`, `"column_step": 0`)
	recipe("a step of 1e300", `"column_step": [\d.]+`, `"column_step": 1e300`)
	recipe("a first column of -1e300", `"column_first": -?[\d.]+`, `"column_first": -1e300`)
	recipe("rows that go down", `"row_hz": \[`, `"row_hz": [1e5,`)
	return all
}

// foreignWords are names that would command a terminal, a page or GitHub's runner.
func foreignWords() map[string]spoiled {
	by := []string{"check", "segment", "augment", "plot", "train", "export", "predict"}
	all := map[string]spoiled{}
	for name, class := range map[string]string{"a workflow command": `::notice title=gate passed::all is well`, "an old workflow command": `##[error]x`,
		"escape codes": `\u001b[2J\u001b]0;x\u0007`, "C1 codes": `\u009b31m`, "a line of its own": `a\n::error::b`, "a turn of direction": `\u202egnp`,
		"255 bytes": strings.Repeat("x", 255), "a path": `../../theirs/draft`, "a format": `%s%n%!`, "markup": `<script>alert(1)</script>`, "a hash": `C#`, "a percent": `50%`} {
		all["a class: "+name] = spoiled{func(t *testing.T, set string) {
			text, err := os.ReadFile(filepath.Join(set, "labels.jsonl"))
			must(t, err)
			text = regexp.MustCompile(`"class":"kick"`).ReplaceAllLiteral(text, []byte(`"class":"`+class+`"`))
			must(t, os.WriteFile(filepath.Join(set, "labels.jsonl"), text, 0o666))
		}, by, ""}
		all["a recording: "+name] = spoiled{edited("recordings.jsonl", `"name":"[^"]+"`, `"name":"`+class+`"`), []string{"check", "segment", "plot", "export"}, ""}
	}
	return all
}
