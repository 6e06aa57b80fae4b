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
func FuzzXMP(f *testing.F)             { fuzzFormat(f, "xmp", xmpSayings) }

func FuzzCues(f *testing.F) {
	f.Add(wavOf(cueChunks([]Mark{{Onset: .1, Class: "kick"}, {Onset: .2, End: .3, Class: "Marker 1"}}, 1000)))
	f.Add(wavOf(append(points([3]uint32{0, 100, 0}, [3]uint32{0, 200, 0}), adtl(note("note", 0, "kick"), ltxt(0, 40, ""))...)))
	f.Add(wavOf(appendChunk(nil, "_PMX", []byte(xmpSayings[0].file))))
	fuzzFormat(f, "wav")
}

func FuzzMIDI(f *testing.F) {
	f.Add(midiOf(1, 100, tempo120+"\x14\x99\x24\x40\x0a\x24\x00"+endOfTrack, "\x00\xff\x51\x03\x0f\x42\x40\x14\x90\x3c\x40"))
	f.Add(midiOf(2, 0xe728, "\x00\xff\x01\x0bnote 36: pf\x00\xf0\x02\x01\xf7\x14\x99\x24\x40"+endOfTrack))
	fuzzFormat(f, "midi")
}
