package ingest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
)

// TestRunPhones holds that what phones write comes in with the labels beside it, at
// the sample where they say, and that a film without sound is a skip.
func TestRunPhones(t *testing.T) {
	files := map[string]string{"memo.txt": "0.03\t0.05\tkick\n0.06\t0.08\tsnare\n", "film.csv": "onset,label\n0.09,hat\n"}
	for name, from := range map[string]string{"memo.m4a": "aac44k.m4a", "film.3gp": "film.3gp", "lossless.caf": "alac24.caf",
		"broadcast.aac": "aac8k.aac", "camera.mov": "pcm.mov", "browser.mp4": "fragments.mp4", "silent.mp4": "silent.mp4"} {
		b, err := os.ReadFile(filepath.Join("decode", "testdata", from))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(b)
	}
	sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(tree(t, files)))
	got := recordings(t, set)
	for name, want := range map[string]data.Recording{
		"memo.m4a":      {Samples: 5292, SourceRate: 44100, SourceFrames: 5292, Channels: 2, Codec: "AAC-LC"},
		"film.3gp":      {Samples: 13230, SourceRate: 16000, SourceFrames: 4800, Channels: 1, Codec: "AAC-LC"},
		"lossless.caf":  {Samples: 4410, SourceRate: 48000, SourceFrames: 4800, Channels: 1, Codec: "ALAC 24-bit"},
		"broadcast.aac": {Samples: 28224, SourceRate: 8000, SourceFrames: 5120, Channels: 1, Codec: "AAC-LC", AlignmentUnknown: true},
		"camera.mov":    {Samples: 4410, SourceRate: 8000, SourceFrames: 800, Channels: 2, Codec: "PCM 16-bit"},
		"browser.mp4":   {Samples: 12288, SourceRate: 22050, SourceFrames: 6144, Channels: 1, Codec: "AAC-LC", AlignmentUnknown: true},
	} {
		r := got[name]
		if r.Samples != want.Samples || r.SourceRate != want.SourceRate || r.SourceFrames != want.SourceFrames || r.Channels != want.Channels ||
			r.Codec != want.Codec || r.AlignmentUnknown != want.AlignmentUnknown || r.Note != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	labels, _ := set.Labels()
	memo, film := got["memo.m4a"].ID, got["film.3gp"].ID
	want := []data.Label{
		{Recording: film, Onset: 3969, Class: "hat", By: data.ByImport},
		{Recording: memo, Onset: 1323, End: 2205, Class: "kick", By: data.ByImport},
		{Recording: memo, Onset: 2646, End: 3528, Class: "snare", By: data.ByImport},
	}
	if !reflect.DeepEqual(labels, want) {
		t.Errorf("labels %+v", labels)
	}
	skips := skipped(sum)
	if len(skips) != 1 || !strings.Contains(skips["silent.mp4"], "without sound") {
		t.Errorf("skips %v", skips)
	}
}
