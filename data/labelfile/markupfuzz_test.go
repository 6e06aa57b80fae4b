package labelfile

import "testing"

// fuzzFormat holds of any bytes that what a reader makes of them is labels, and
// that it comes to an end.
func fuzzFormat(f *testing.F, name string, seeds ...[]saying) {
	var k format
	for _, m := range markup {
		if m.name == name {
			k = m
		}
	}
	for _, list := range seeds {
		for _, s := range list {
			f.Add([]byte(s.file))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := open("take"+k.extension, b, Source{Rate: 1000, Seconds: 2}, Options{})
		if err != nil {
			return
		}
		out := &reading{}
		if err := k.read(in, out); err != nil {
			return
		}
		for _, m := range out.Marks {
			if err := timesOf(m); err != nil || m.Class != cleanName(m.Class) || m.Whole && m.Onset != 0 {
				t.Fatalf("%+v: %v", m, err)
			}
		}
	})
}

func FuzzLabelStudio(f *testing.F)     { fuzzFormat(f, "label-studio", studioSayings, flatSayings) }
func FuzzJAMS(f *testing.F)            { fuzzFormat(f, "jams", jamsSayings) }
func FuzzELAN(f *testing.F)            { fuzzFormat(f, "elan", elanSayings) }
func FuzzSonicVisualiser(f *testing.F) { fuzzFormat(f, "svl", svlSayings) }
func FuzzReaper(f *testing.F)          { fuzzFormat(f, "rpp", reaperSayings) }
