package ingest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

// hits returns decaying bursts, every, in samples, apart, over n samples.
func hits(n, every int) []float64 {
	x := make([]float64, n)
	for i := range x {
		t := float64(i % every)
		x[i] = 0.5 * math.Exp(-t/400) * math.Sin(t*0.3)
	}
	return x
}

// noise returns white noise of an RMS.
func noise(n int, rms float64) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, n)
	for i := range x {
		x[i] = rms * r.NormFloat64()
	}
	return x
}

// times returns x times g.
func times(x []float64, g float64) []float64 {
	y := slices.Clone(x)
	for i := range y {
		y[i] *= g
	}
	return y
}

// frames interleaves channels.
func frames(channels ...[]float64) (x []float32) {
	for i := range channels[0] {
		for _, c := range channels {
			x = append(x, float32(c[i]))
		}
	}
	return x
}

// TestChoose holds what is made of odd channels, and that two microphones, or
// two people, are mixed.
func TestChoose(t *testing.T) {
	const n = 4 * 44100
	a, b, none := hits(n, 11025), hits(n, 9000), make([]float64, n)
	late := append(make([]float64, 60), a[:n-60]...)
	for name, test := range map[string]struct {
		setting string
		x       [][]float64
		want    mix
		note    string
	}{
		"the same":          {channelMean, [][]float64{a, a}, meanOf(2), ""},
		"two people":        {channelMean, [][]float64{a, b}, meanOf(2), ""},
		"one later":         {channelMean, [][]float64{a, times(late, 0.8)}, meanOf(2), ""},
		"some room noise":   {channelMean, [][]float64{times(a, 1), noise(n, 1e-3)}, mix{plus: []int{0}}, "2 is nothing but noise"},
		"inverted":          {channelMean, [][]float64{a, times(a, -1)}, halfDifference, "they cancel; half"},
		"inverted of four":  {channelMean, [][]float64{a, times(a, -1), times(b, .9), times(b, -.9)}, mix{plus: []int{0}}, "they cancel; 1"},
		"no second cable":   {channelMean, [][]float64{a, none}, mix{plus: []int{0}}, "2 is silent"},
		"only the third":    {channelMean, [][]float64{none, none, a}, mix{plus: []int{2}}, "1, 2 are silent"},
		"silence":           {channelMean, [][]float64{none, none}, meanOf(2), "all are silent"},
		"noise in front":    {channelMean, [][]float64{noise(n, .3), a}, mix{plus: []int{1}}, "1 is nothing but noise"},
		"noise in both":     {channelMean, [][]float64{noise(n, .3), noise(n, .3)}, meanOf(2), ""},
		"a quiet one":       {channelMean, [][]float64{a, times(b, 0.01)}, meanOf(2), "2 is 40 dB quieter than 1"},
		"the loudest":       {channelLoudest, [][]float64{times(a, 0.1), b}, mix{plus: []int{1}}, "2 is the loudest"},
		"middle of nothing": {channelMid, [][]float64{a, times(a, -1)}, meanOf(2), "cancel in the middle"},
		"middle":            {channelMid, [][]float64{noise(n, .3), a}, meanOf(2), ""},
	} {
		l := newLevels(len(test.x), 44100)
		l.add(frames(test.x...))
		l.closeMoment()
		if got := l.choose(test.setting); !got.mix.same(test.want) || !strings.Contains(got.note, test.note) || (test.note == "") != (got.note == "") {
			t.Errorf("%s: got %+v, want %+v and a note on %q", name, got, test.want, test.note)
		}
	}
}

func TestChoiceFor(t *testing.T) {
	for _, test := range []struct {
		setting  string
		channels int
		want     mix
		fails    bool
		note     string
	}{
		{"mean", 3, meanOf(3), false, ""}, {"2", 2, mix{plus: []int{1}}, false, ""}, {"3", 2, mix{}, true, ""},
		{"side", 2, halfDifference, false, ""}, {"mid", 2, meanOf(2), false, ""}, {"side", 6, mix{}, true, ""},
		{"loudest", 1, meanOf(1), false, ""}, {"2", 1, meanOf(1), false, "only one"}, {"1", 1, meanOf(1), false, ""}, {"side", 1, meanOf(1), false, "only one"},
	} {
		got, err := choiceFor(test.setting, test.channels)
		if (err != nil) != test.fails || !got.mix.same(test.want) || !strings.Contains(got.note, test.note) {
			t.Errorf("%s of %d: %+v, %v", test.setting, test.channels, got, err)
		}
	}
	for _, bad := range []string{"", "0", "-1", "left", "1.5"} {
		if checkChannel(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestMixApplies(t *testing.T) {
	for _, test := range []struct {
		mix  mix
		want []float32
	}{{halfDifference, []float32{-1.5, 4}}, {mix{plus: []int{1}}, []float32{4, 0}}, {mix{plus: []int{0, 2}}, []float32{3, 4}}} {
		if got := test.mix.apply([]float32{1, 4, 5, 8, 0, 0}, 3); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.mix, got, test.want)
		}
	}
}

// stereo16 returns a WAV file of two channels.
func stereo16(channels ...[]float64) string {
	var x []int16
	for _, v := range frames(channels...) {
		x = append(x, int16(math.Round(30000*float64(v))))
	}
	return string(wav16(44100, len(channels), x))
}

// TestChannels holds that what cancels is heard, that the note says so, and that
// another setting decodes again, and back to the same bytes.
func TestChannels(t *testing.T) {
	const n = 44100
	a := hits(n, 11025)
	files := map[string]string{"plain.wav": stereo16(a, times(a, .5)), "single.wav": stereo16(a)}
	for i := range 7 {
		files[fmt.Sprintf("cancel%d.wav", i)] = stereo16(times(a, 1-float64(i)/10), times(a, -1+float64(i)/10))
	}
	dir := filepath.Join(t.TempDir(), "set")
	c := config(tree(t, files))
	sum, set := mustRun(t, dir, c)
	if !slices.Contains(sum.Notes, "channels: they cancel; half of their difference is taken (7): cancel0.wav, cancel1.wav, cancel2.wav and 4 more") {
		t.Errorf("notes: %q", sum.Notes)
	}
	if p := peak(t, set, "cancel0.wav"); p < 0.3 {
		t.Errorf("what cancelled has a peak of %g", p)
	}
	before := snapshot(t, dir)
	c.Channel = "2"
	if sum, set = mustRun(t, dir, c); sum.Unchanged || !strings.Contains(sum.Because, "channel is 2 now") {
		t.Errorf("channel 2: %+v", sum)
	}
	if p, q := peak(t, set, "plain.wav"), peak(t, set, "single.wav"); math.Abs(float64(2*p-q)) > 1e-3 {
		t.Errorf("the second channel has a peak of %g, the only one of %g", p, q)
	}
	if sum, _ = mustRun(t, dir, c); !sum.Unchanged {
		t.Errorf("again: %+v", sum)
	}
	c.Channel = channelMean
	mustRun(t, dir, c)
	for name, content := range snapshot(t, dir) {
		if before[name] != content {
			t.Errorf("%s is not what it was", name)
		}
	}
	c.Channel = "3"
	sum, _ = mustRun(t, dir, c)
	if len(sum.Skips) != 8 || !strings.Contains(sum.Skips[0].Reason, "channel 3 was asked for, and it has 2") {
		t.Errorf("channel 3: %+v", sum.Skips)
	}
}

func TestSplitNote(t *testing.T) {
	for note, want := range map[string][2]string{
		"": {"", ""}, "truncated: 1 of 2": {"truncated: 1 of 2", ""}, "channels: they cancel; x": {"", "channels: they cancel; x"},
		"truncated: 1 of 2; channels: they differ much: 2 is 40 dB quieter": {"truncated: 1 of 2", "channels: they differ much"},
	} {
		if decoding, channels := splitNote(note); decoding != want[0] || channels != want[1] {
			t.Errorf("%q: %q and %q", note, decoding, channels)
		}
	}
}

// peak returns the largest sample of a recording.
func peak(t *testing.T, set *data.Set, name string) (p float32) {
	t.Helper()
	all, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r data.Recording) bool { return r.Name == name })
	audio, err := set.Audio(all[i].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	x, err := data.ReadSpan(audio, 0, audio.Len())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range x {
		p = max(p, v)
	}
	return p
}
