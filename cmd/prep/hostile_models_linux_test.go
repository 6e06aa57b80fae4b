package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tensors returns a safetensors file of a header and so many bytes.
func tensors(header string, body int) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + strings.Repeat("\x00", body)
}

// foreignModels are model folders that no training makes.
func foreignModels() map[string]spoiled {
	all := map[string]spoiled{}
	by := []string{"check", "predict"}
	var overlap, many strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&overlap, `"a%d":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]},`, i)
	}
	for i := range 200_000 {
		fmt.Fprintf(&many, `"a%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},`, i)
	}
	for name, text := range map[string]string{
		"2,000 names for the same bytes": tensors("{"+strings.TrimSuffix(overlap.String(), ",")+"}", 4_000_000),
		"200,000 names for nothing":      tensors("{"+strings.TrimSuffix(many.String(), ",")+"}", 0),
		"a header of 2^63 bytes":         "\xff\xff\xff\xff\xff\xff\xff\x7f{}",
		"a header that is none":          tensors("[]", 0),
		"a shape that overflows":         tensors(`{"a":{"dtype":"F32","shape":[2147483648,2147483648,4],"data_offsets":[0,0]}}`, 0),
		"a shape of zeros and more":      tensors(`{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}`, 0),
		"a shape of a million sides":     tensors(`{"a":{"dtype":"F32","shape":[`+strings.Repeat("1,", 1_000_000)+`1],"data_offsets":[0,4]}}`, 4),
		"offsets below 0":                tensors(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}`, 4),
		"offsets that go back":           tensors(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}`, 16),
		"doubles":                        tensors(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, 8),
		"nothing":                        "",
		"metadata that is none":          tensors(`{"__metadata__":[1]}`, 0),
		"a header of brackets":           tensors(strings.Repeat("[", 1<<20), 0),
	} {
		all["weights: "+name] = spoiled{wrote("models/compact/weights.safetensors", text), by, ""}
		all["memory: "+name] = spoiled{wrote("models/compact/memory.safetensors", text), by, ""}
	}
	for _, text := range []string{"{}", "[]", "null", "{", strings.Repeat("[", 1<<20)} {
		all[fmt.Sprintf("model.json: %.20s", text)] = spoiled{wrote("models/compact/model.json", text), by, ""}
		all[fmt.Sprintf("report.json: %.20s", text)] = spoiled{wrote("models/compact/report.json", text), []string{"check", "predict", "plot"}, ""}
	}
	for name, edit := range map[string][2]string{
		"a patch of 10^18 values":  {`(?s)"in": \{.*?\}`, `"in": {"bands": 1000000000, "frames": 1000000000, "channels": 1}`},
		"a patch of 1e20 bands":    {`(?s)"in": \{.*?\}`, `"in": {"bands": 100000000000000000000, "frames": 1, "channels": 1}`},
		"a patch of no values":     {`(?s)"in": \{.*?\}`, `"in": {"bands": 0, "frames": 0, "channels": 0}`},
		"16,384 filters":           {`"filters": \d+`, `"filters": 16384`},
		"a kernel of 10^9":         {`"kernel": "3x3"`, `"kernel": "1000000000x1000000000"`},
		"a stride of 0":            {`"stride": "2x2"`, `"stride": "0x0"`},
		"100,000 layers":           {`"layers": \[`, `"layers": [` + strings.Repeat(`{"type":"batch_norm"},`, 100_000)},
		"a million classes":        {`"classes": \[`, `"classes": [` + strings.Repeat(`"x",`, 1_000_000)},
		"no classes":               {`(?s)"classes": \[.*?\]`, `"classes": []`},
		"one class twice":          {`(?s)"classes": \[.*?\]`, `"classes": ["a","a"]`},
		"a class that commands":    {`(?s)"classes": \[\s*"[^"]*"`, `"classes": ["\u001b[2J::error::x"`},
		"another format":           {`"format": 1`, `"format": 2`},
		"a recipe {}":              {`(?s)"recipe": \{.*?\n  \}`, `"recipe": {}`},
		"features of elsewhere":    {`"features": "mel"`, `"features": "../../theirs/draft"`},
		"a scale of 0":             {`(?s)"scale": \[\s*[\d.e-]+`, `"scale": [0`},
		"a mean of another length": {`(?s)"mean": \[\s*[-\d.e]+,`, `"mean": [`},
	} {
		all["model.json: "+name] = spoiled{func(t *testing.T, set string) {
			edited("models/compact/model.json", edit[0], edit[1])(t, set)
			text, err := os.ReadFile(filepath.Join(set, "models", "compact", "model.json"))
			must(t, err)
			wrote("models/compact/model.json", string(text))(t, set)
		}, by, ""}
	}
	return all
}

// hostileConfigs returns configurations that would not end, and others that are none.
func hostileConfigs() map[string]string {
	merges, lists := "a0: &a0 {rate: 1}\n", "l0: &l0 [1,1]\n"
	var keys strings.Builder
	keys.WriteString("ingest:\n  labels:\n")
	for i := range 40 {
		merges += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d, *a%d]}\n", i+1, i+1, i, i, i)
		lists += fmt.Sprintf("l%d: &l%d [*l%d,*l%d]\n", i+1, i+1, i, i)
	}
	for i := range 60_000 {
		fmt.Fprintf(&keys, "    k%d: x\n", i)
	}
	return map[string]string{
		"merges of merges": merges, "lists of lists": lists, "itself": "ingest: &a\n  labels: *a\n",
		"dashes": strings.Repeat("- ", 50_000), "questions": strings.Repeat("? ", 50_000), "brackets": strings.Repeat("[", 50_000),
		"braces": strings.Repeat("{a: ", 25_000), "colons": strings.Repeat("a: ", 25_000), "anchors": strings.Repeat("&a ", 25_000),
		"tags": strings.Repeat("!!x ", 25_000), "60,000 keys": keys.String(), "a list of 300,000": "ingest: {paths: [" + strings.Repeat("a,", 300_000) + "]}",
		"two documents": "ingest: {paths: [takes]}\n---\ningest: {paths: [other]}\n", "2 MB": strings.Repeat("#\n", 1<<20), "bytes": strings.Repeat("\x00\xff", 1000),
		"UTF-16": "\xff\xfei\x00:\x00", "a class that commands": "ingest: {paths: [takes], labels: {kick: \"\\e[2J\"}}", "quotes": strings.Repeat("'", 100_000),
		"a block without end": "set: |\n" + strings.Repeat("  x\n", 3000), "tabs": "\tset: x", "a number without end": "ingest: {rate: " + strings.Repeat("9", 100_000) + "}",
		"a pattern that is long": "ingest: {paths: [takes], group_from: '" + strings.Repeat("(a*)*", 2000) + "'}", "a pattern that repeats": "ingest: {paths: [takes], label_from: '((a{100}){100}){100}'}",
	}
}

// hostileLabels returns label files by the name that gives their ending.
func hostileLabels() map[string]string {
	long := strings.Repeat("x", 2<<20)
	return map[string]string{
		"60 MB of commas.csv": strings.Repeat(",", 60<<20), "60 MB of lines of commas.csv": strings.Repeat(strings.Repeat(",", 59)+"\n", 1<<20),
		"a class of 2 MB.txt": "0.1\t0.2\t" + long + "\n0.3\t0.4\tkick\n", "a class of 300 bytes.txt": "0.1\t0.2\t" + long[:300] + "\n0.3\t0.4\tkick\n",
		"escape codes.txt": "0.1\t0.2\t\x1b[2Jkick\n", "a workflow command.txt": "0.1\t0.2\t::error::kick\n", "times without end.txt": strings.Repeat("9", 1<<20) + "\t1\tkick\n",
		"brackets.json": strings.Repeat("[", 10<<20), "entities.eaf": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>`,
		"elements.eaf": "<ANNOTATION_DOCUMENT>" + strings.Repeat("<a>", 1<<20), "a grid that lies.TextGrid": "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n1\n<exists>\n1000000000\n",
		"lone surrogates.json": `[{"start":0.1,"end":0.2,"label":"\ud800"}]`, "a header of a million.csv": "onset," + strings.Repeat("a,", 400_000) + "label\n0.1,kick\n",
		"nothing but quotes.csv": strings.Repeat("\"\n", 1<<20), "a midi that lies.mid": "MThd\x00\x00\x00\x06\x00\x01\xff\xff\x00\x60MTrk\xff\xff\xff\xff",
		"zeros.txt": strings.Repeat("\x00", 1<<20), "braces.jams": strings.Repeat(`{"a":`, 1<<20), "a chunk.rpp": strings.Repeat("<X\n", 1<<19),
	}
}

// hostileTables returns tables of recordings.
func hostileTables() map[string]string {
	return map[string]string{
		"60 MB of commas": strings.Repeat(",", 60<<20), "60 MB of lines of commas": strings.Repeat(strings.Repeat(",", 59)+"\n", 1<<20),
		"rows without end": "file,group\n" + strings.Repeat("a", 10), "a group of 2 MB": "file,group\nvoice-01/take-1.wav," + strings.Repeat("x", 2<<20) + "\n",
		"a group of 300 bytes": "file,group\nvoice-01/take-1.wav," + strings.Repeat("x", 300) + "\n", "a group that commands": "file,group\nvoice-01/take-1.wav,\x1b[2J::error::x\n",
		"a quote without end": "file,group\n\"" + strings.Repeat("x", 60<<20),
	}
}
