package labelfile

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// midiOf returns a MIDI file of tracks.
func midiOf(format, division uint16, tracks ...string) []byte {
	b := append([]byte("MThd\x00\x00\x00\x06"), byte(format>>8), byte(format), 0, byte(len(tracks)), byte(division>>8), byte(division))
	for _, t := range tracks {
		b = append(b, "MTrk"...)
		b = append(b, byte(len(t)>>24), byte(len(t)>>16), byte(len(t)>>8), byte(len(t)))
		b = append(b, t...)
	}
	return b
}

const (
	endOfTrack = "\x00\xff\x2f\x00"
	tempo120   = "\x00\xff\x51\x03\x07\xa1\x20"
)

func TestMIDI(t *testing.T) {
	// 100 ticks a quarter, at 120 quarters a minute 5 ms a tick
	for _, tc := range []struct {
		name     string
		file     []byte
		notes    map[int]string
		want     string
		division uint16
	}{
		{name: "drums", file: midiOf(0, 100, tempo120+"\x14\x99\x24\x40\x0a\x89\x24\x40\x0a\x99\x2a\x40"+endOfTrack), want: "100 kick, 200 hat-closed"},
		{name: "no tempo", file: midiOf(0, 100, "\x14\x99\x24\x40"+endOfTrack), want: "100 kick"},
		{name: "running status, velocity 0", file: midiOf(0, 100, "\x14\x99\x24\x40\x0a\x24\x00\x0a\x26\x40"+endOfTrack), want: "100 kick, 200 snare"},
		{name: "a tempo that changes", file: midiOf(1, 100, tempo120+"\x14\xff\x51\x03\x0f\x42\x40"+endOfTrack, "\x14\x99\x24\x40\x14\x26\x40"+endOfTrack), want: "100 kick, 300 snare"},
		{name: "tracks in one order", file: midiOf(1, 100, "\x28\x99\x24\x40"+endOfTrack, "\x14\x99\x26\x40"+endOfTrack), want: "100 snare, 200 kick"},
		{name: "tracks of their own time", file: midiOf(2, 100, "\x00\xff\x51\x03\x0f\x42\x40\x14\x99\x24\x40"+endOfTrack, "\x14\x99\x26\x40"+endOfTrack), want: "100 snare, 200 kick"},
		{name: "other channels beside", file: midiOf(0, 100, "\x14\x99\x24\x40\x00\x90\x3c\x40"+endOfTrack), want: "100 kick, [left out: 1 note of other channels than 10 (drums)]"},
		{name: "other channels alone", file: midiOf(0, 100, "\x14\x90\x24\x40"+endOfTrack), want: "100 kick, [no note on channel 10 (drums): the notes of all channels are taken]"},
		{name: "a map", file: midiOf(0, 100, "\x14\x99\x24\x40\x14\x05\x40"+endOfTrack), notes: map[int]string{5: "zap", 36: "bass"}, want: "100 bass, 200 zap"},
		{name: "keys without a class", file: midiOf(0, 100, "\x14\x99\x24\x40\x00\x05\x40\x00\x05\x40\x00\x06\x40"+endOfTrack),
			want: "100 kick, [left out: 3 notes without a class, of key 5 (2 times), 6 (1 times); labels.notes in prep.yaml names them]"},
		{name: "names in the file", file: midiOf(0, 100, "\x00\xff\x01\x0bnote 36: pf\x00\xff\x01\x0dnote 999: out\x14\x99\x24\x40"+endOfTrack), want: "100 pf"},
		{name: "other messages", file: midiOf(0, 100, "\x00\xf0\x02\x01\xf7\x00\xc9\x05\x00\xb9\x07\x7f\x00\xff\x03\x01a\x14\x99\x24\x40"+endOfTrack+"\x14\x99\x24\x40"), want: "100 kick"},
		{name: "a time code", file: midiOf(0, 0xe728, "\x81\x48\x99\x24\x40"+endOfTrack), want: "200 kick"},
		{name: "a time code of 29.97", file: midiOf(0, 0xe364, "\x64\x99\x24\x40"+endOfTrack), want: "33.367 kick"},
		{name: "a time code of 24", file: midiOf(0, 0xe801, "\x18\x99\x24\x40"+endOfTrack), want: "1000 kick"},
		{name: "a time code of 30", file: midiOf(0, 0xe201, "\x1e\x99\x24\x40"+endOfTrack), want: "1000 kick"},
		{name: "a time code that is none", file: midiOf(0, 0x8101, ""), want: "error: a MIDI file of format 0, time division 0x8101: no such is known"},
		{name: "no division", file: midiOf(0, 0, ""), want: "error: a MIDI file of format 0, time division 0x0: no such is known"},
		{name: "half a header", file: []byte("MThd\x00\x00\x00\x06\x00"), want: "error: the header of a MIDI file is cut short"},
		{name: "no notes", file: midiOf(0, 100, endOfTrack), want: "error: no labels in it: it is empty"},
		{name: "cut short", file: midiOf(0, 100, "\x14\x99\x24\x40\x14\x26\x40")[:28], want: "100 kick, fault 1: track 1: the file ends early"},
		{name: "cut in a delta", file: midiOf(0, 100, "\x14\x99\x24\x40\x81"), want: "100 kick, fault 1: track 1: it ends in the middle of an event"},
		{name: "cut in a meta event", file: midiOf(0, 100, "\x14\x99\x24\x40\x00\xff"), want: "100 kick, fault 1: track 1: it ends in the middle of an event"},
		{name: "a length that lies", file: midiOf(0, 100, "\x14\x99\x24\x40\x00\xff\x01\xff\xff\xff\x7f"), want: "100 kick, fault 1: track 1: it ends in the middle of an event"},
		{name: "no status", file: midiOf(0, 100, "\x14\x24\x40"), want: "fault 1: track 1: an event without a status"},
		{name: "a message of no file", file: midiOf(0, 100, "\x14\xf8"), want: "fault 1: track 1: a message 0xf8, which no file has"},
		{name: "other chunks", file: bytes.Replace(midiOf(0, 100, "ab", "\x14\x99\x24\x40"+endOfTrack), []byte("MTrk"), []byte("XFIH"), 1), want: "100 kick"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := says("take.mid", string(tc.file), Options{Notes: tc.notes}); got != tc.want {
				t.Errorf("it says\n\t%s\nwant\n\t%s", got, tc.want)
			}
		})
	}
}

func TestDrumNotes(t *testing.T) {
	got := DrumNotes([]string{"Kick", "bass", "zap", "click", "pf", "mine"}, map[string]int{"mine": 62, "other": 3})
	want := map[string]int{"Kick": 36, "bass": 61, "zap": 63, "click": 76, "pf": 64, "mine": 62}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := DrumNotes([]string{"BD", "Hi-Hat", "SD"}, nil); got["BD"] != 36 || got["Hi-Hat"] != 42 || got["SD"] != 38 {
		t.Errorf("other names of drums: %v", got)
	}
	var many []string
	for i := range 130 {
		many = append(many, fmt.Sprint("c", i))
	}
	taken := map[int]bool{}
	for _, n := range DrumNotes(many, nil) {
		if n < 0 || n > 127 || taken[n] {
			t.Fatalf("key %d is there twice, or is none", n)
		}
		taken[n] = true
	}
	if len(taken) != 128 {
		t.Errorf("%d of 128 keys", len(taken))
	}
}

// Classes without a key are told, not written as key 0; levels are velocities.
func TestWriteMIDI(t *testing.T) {
	var b bytes.Buffer
	marks := []Mark{{Onset: .1, Class: "kick"}, {Onset: .2, Class: "ghost"}, {Onset: .3, End: .4, Class: "zap"}, {Whole: true, Class: "kick"}, {Onset: .5, Class: "out"}}
	left, err := WriteMIDI(&b, marks, MIDI{Notes: map[string]int{"kick": 36, "zap": 60, "out": 128}, Level: func(i int) float64 { return float64(i) }})
	if err != nil || strings.Join(left, " ") != "ghost kick out" {
		t.Fatal(left, err)
	}
	if got := says("a.mid", b.String(), Options{}); got != "100 kick, 300 zap" {
		t.Errorf("it says %s", got)
	}
	for _, on := range []string{"\x99\x24\x01", "\x99\x3c\x7f"} {
		if !bytes.Contains(b.Bytes(), []byte(on)) {
			t.Errorf("no %x in %x", on, b.Bytes())
		}
	}
}

func TestMoreClassesThanKeys(t *testing.T) {
	rec := Recording{}
	for i := range 129 {
		rec.Marks = append(rec.Marks, Mark{Onset: float64(i), Class: fmt.Sprint("c", i)})
	}
	if err := WriteOne(&bytes.Buffer{}, "midi", rec); err == nil {
		t.Error("129 classes are written with 128 keys")
	}
}

// Times do not drift over many changes of tempo.
func TestTempoMapDoesNotDrift(t *testing.T) {
	var track strings.Builder
	want := 0.
	for i := range 2000 {
		tempo := 400_001 + 7*i
		fmt.Fprintf(&track, "\x00\xff\x51\x03%c", 0)
		s := track.String()
		track.Reset()
		track.WriteString(s[:len(s)-1])
		track.Write([]byte{byte(tempo >> 16), byte(tempo >> 8), byte(tempo)})
		track.WriteString("\x07\x99\x24\x40")
		want += 7 * float64(tempo) / 1e6 / 96
	}
	r, err := Read("a.mid", midiOf(0, 96, track.String()+endOfTrack), Source{}, Options{})
	if err != nil || len(r.Marks) != 2000 || math.Abs(r.Marks[1999].Onset-want) > 1e-9 {
		t.Errorf("%d notes, the last at %v, want %v: %v", len(r.Marks), r.Marks[len(r.Marks)-1].Onset, want, err)
	}
}
