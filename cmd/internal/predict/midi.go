package predict

import (
	"io"
	"math"
	"slices"
	"strings"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/smf"
)

// A MIDI file counts time in ticks: at 120 quarters a minute and 960 ticks a
// quarter, 1920 a second, half a millisecond is the nearest it can say.
const (
	midiTempo          = 120
	midiTicksPerSecond = 1920
	midiDrums          = 9   // channel 10, General MIDI's percussion
	midiNoteSeconds    = .05 // a hit's
)

// writeMIDI writes a standard MIDI file of one track on the percussion channel.
// A note's velocity follows the probability, for hits carry no level here.
func writeMIDI(w io.Writer, r Recording, p Predictions, c Config) error {
	type event struct {
		tick uint32
		msg  midi.Message
	}
	tick := func(s float64) uint32 { return uint32(math.Round(s * midiTicksPerSecond)) }
	var events []event
	for _, h := range r.Hits {
		key := c.note(h.Class, p.Classes)
		velocity := uint8(max(1, math.Round(127*float64(h.Probability))))
		events = append(events, event{tick(h.Onset), midi.NoteOn(midiDrums, key, velocity)},
			event{tick(h.Onset + midiNoteSeconds), midi.NoteOff(midiDrums, key)})
	}
	slices.SortStableFunc(events, func(a, b event) int { return int(a.tick) - int(b.tick) })
	var track smf.Track
	track.Add(0, smf.MetaTempo(midiTempo))
	last := uint32(0)
	for _, e := range events {
		track.Add(e.tick-last, e.msg)
		last = e.tick
	}
	track.Close(0)
	file := smf.NewSMF1()
	file.TimeFormat = smf.MetricTicks(midiTicksPerSecond * 60 / midiTempo)
	if err := file.Add(track); err != nil {
		return err
	}
	_, err := file.WriteTo(w)
	return err
}

// generalMIDI are the percussion keys of the General MIDI standard for the
// names that beatboxers use.
var generalMIDI = map[string]int{
	"kick": 36, "bass": 36, "snare": 38, "snare-k": 40, "k-snare": 40, "rimshot": 37, "rim": 37, "clap": 39,
	"hh": 42, "hat": 42, "hat-closed": 42, "closed-hat": 42, "hat-open": 46, "open-hat": 46,
	"crash": 49, "click": 76,
}

// firstFreeNote begins the keys of classes that have no drum of their name.
const firstFreeNote = 60

// note returns the key of a class: the configured one, General MIDI's, or one
// from 60 upwards by the class's place.
func (c Config) note(class string, classes []string) uint8 {
	if n, ok := c.Notes[class]; ok {
		return uint8(n)
	}
	if n, ok := generalMIDI[strings.ToLower(class)]; ok {
		return uint8(n)
	}
	return uint8((firstFreeNote + slices.Index(classes, class)) % 128)
}
