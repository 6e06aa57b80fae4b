package labelfile

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"prep/data"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/smf"
)

// A MIDI file counts time in ticks: at 120 quarters a minute and 960 ticks a
// quarter, 1920 a second, half a millisecond is the nearest it can say.
const (
	midiTempo          = 120
	midiTicksPerSecond = 1920
	midiNoteSeconds    = .05 // of a mark without an end
	midiLevel          = .8  // of a mark without a level
)

// MIDI is how marks become notes.
type MIDI struct {
	// Notes are the keys of classes, 0 to 127, as of DrumNotes; a mark of another
	// class is left out.
	Notes map[string]int
	// Level returns how strong a mark is, from 0 to 1, by its place among the
	// marks; nil gives all the same velocity.
	Level func(mark int) float64
}

// WriteMIDI writes a standard MIDI file of one track on the percussion channel,
// in which text events say which class a key is. It returns the classes that
// have no key, whose marks it left out.
func WriteMIDI(w io.Writer, marks []Mark, c MIDI) (left []string, err error) {
	events, used, left := c.events(marks)
	var track smf.Track
	track.Add(0, smf.MetaTempo(midiTempo))
	for _, class := range slices.Sorted(maps.Keys(used)) {
		track.Add(0, smf.MetaText(fmt.Sprintf("note %d: %s", used[class], class)))
	}
	last := uint32(0)
	for _, e := range events {
		track.Add(e.tick-last, e.msg)
		last = e.tick
	}
	track.Close(0)
	file := smf.NewSMF1()
	file.TimeFormat = smf.MetricTicks(midiTicksPerSecond * 60 / midiTempo)
	if err := file.Add(track); err != nil {
		return nil, err
	}
	_, err = file.WriteTo(w)
	return left, err
}

// tickMessage is a message at a time.
type tickMessage struct {
	tick uint32
	msg  midi.Message
}

// events returns the messages of marks in the order of time, the keys of their
// classes, and the classes without.
func (c MIDI) events(marks []Mark) (events []tickMessage, used map[string]int, left []string) {
	used = map[string]int{}
	none := map[string]bool{}
	tick := func(s float64) uint32 { return uint32(math.Round(min(s, 1e6) * midiTicksPerSecond)) }
	for i, m := range marks {
		key, ok := c.Notes[m.Class]
		if !ok || key < 0 || key > 127 || m.Whole {
			none[m.Class] = true
			continue
		}
		level, end := midiLevel, m.End
		if c.Level != nil {
			level = c.Level(i)
		}
		if end <= m.Onset {
			end = m.Onset + midiNoteSeconds
		}
		used[m.Class] = key
		velocity := uint8(min(127, max(1, math.Round(127*level))))
		events = append(events, tickMessage{tick(m.Onset), midi.NoteOn(midiDrums, uint8(key), velocity)},
			tickMessage{max(tick(end), tick(m.Onset)+1), midi.NoteOff(midiDrums, uint8(key))})
	}
	slices.SortStableFunc(events, func(a, b tickMessage) int { return int(a.tick) - int(b.tick) })
	return events, used, slices.Sorted(maps.Keys(none))
}

// drumKeys are the percussion keys of the General MIDI standard for the names
// that beatboxers use.
var drumKeys = map[string]int{
	"kick": 36, "bass": 36, "snare": 38, "snare-k": 40, "k-snare": 40, "rimshot": 37, "rim": 37, "clap": 39,
	"hat": 42, "hat-closed": 42, "closed-hat": 42, "hat-open": 46, "open-hat": 46,
	"crash": 49, "click": 76,
}

// drumNames are the names of the percussion keys of General MIDI (Level 1 and,
// from 27 to 34 and above 81, Level 2).
var drumNames = map[uint8]string{
	27: "high-q", 28: "slap", 29: "scratch-push", 30: "scratch-pull", 31: "sticks", 32: "square-click", 33: "metronome-click", 34: "metronome-bell",
	35: "kick", 36: "kick", 37: "rimshot", 38: "snare", 39: "clap", 40: "snare", 41: "tom-low", 42: "hat-closed", 43: "tom-low", 44: "hat-pedal",
	45: "tom-low", 46: "hat-open", 47: "tom-mid", 48: "tom-mid", 49: "crash", 50: "tom-high", 51: "ride", 52: "china", 53: "ride-bell",
	54: "tambourine", 55: "splash", 56: "cowbell", 57: "crash", 58: "vibraslap", 59: "ride", 60: "bongo-high", 61: "bongo-low",
	62: "conga-mute", 63: "conga-open", 64: "conga-low", 65: "timbale-high", 66: "timbale-low", 67: "agogo-high", 68: "agogo-low",
	69: "cabasa", 70: "maracas", 71: "whistle-short", 72: "whistle-long", 73: "guiro-short", 74: "guiro-long", 75: "claves",
	76: "click", 77: "woodblock-low", 78: "cuica-mute", 79: "cuica-open", 80: "triangle-mute", 81: "triangle-open",
	82: "shaker", 83: "jingle-bell", 84: "bell-tree", 85: "castanets", 86: "surdo-mute", 87: "surdo-open",
}

// maxKeys is how many keys there are.
const maxKeys = 128

// firstFreeNote begins the keys of classes that have no drum of their name.
const firstFreeNote = 60

// DrumNotes returns a key for each class: the given one, General MIDI's for its
// name, or the next from 60 upwards; what is not given is the key of no other
// class. Of more than 128 classes the last have none.
func DrumNotes(classes []string, given map[string]int) map[string]int {
	notes, taken := map[string]int{}, map[int]bool{}
	for _, class := range classes {
		if n, ok := given[class]; ok {
			notes[class], taken[n] = n, true
		}
	}
	for _, class := range classes {
		n, ok := drumKeys[data.Sound(class)]
		if _, has := notes[class]; ok && !has && !taken[n] {
			notes[class], taken[n] = n, true
		}
	}
	for i, class := range classes {
		for n := firstFreeNote + i; n < firstFreeNote+i+maxKeys; n++ {
			if _, has := notes[class]; !has && !taken[n%maxKeys] {
				notes[class], taken[n%maxKeys] = n%maxKeys, true
			}
		}
	}
	return notes
}

// writeMIDI writes the marks that have a class, and a time.
func writeMIDI(w io.Writer, r Recording) error {
	var classes []string
	for _, m := range r.Marks {
		if !slices.Contains(classes, m.Class) && m.Class != "" && !m.Whole {
			classes = append(classes, m.Class)
		}
	}
	if len(classes) > maxKeys {
		return fmt.Errorf("%q has %d classes; MIDI has %d keys", r.Name, len(classes), maxKeys)
	}
	slices.Sort(classes)
	_, err := WriteMIDI(w, r.Marks, MIDI{Notes: DrumNotes(classes, nil)})
	return err
}
