package labelfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"prep/data"
)

// Standard MIDI files (RP-001 1.0) of drums: each note that begins on channel
// 10, General MIDI's percussion, is a sound, whose class its key says. How long
// a note is held says nothing of a drum, so that marks have no ends.

// midiDrums is channel 10, counted from 0.
const midiDrums = 9

// midiNote is a note that begins, at a moment in seconds.
type midiNote struct {
	at      float64
	channel uint8
	key     uint8
}

func isMIDI(in *input) bool { return bytes.HasPrefix(in.raw, []byte("MThd")) }

func readMIDI(in *input, out *reading) error {
	f, err := parseMIDI(in.raw)
	if err != nil {
		return err
	}
	if f.wrong != nil {
		out.addFault(f.wrongAt, f.wrong)
	}
	notes := f.notes()
	classes := f.names
	for key, class := range in.opts.Notes {
		classes[uint8(key)] = class
	}
	drums := slices.ContainsFunc(notes, func(n midiNote) bool { return n.channel == midiDrums })
	if !drums && len(notes) > 0 {
		out.note("no note on channel 10 (drums): the notes of all channels are taken")
	}
	unknown, elsewhere := map[uint8]int{}, 0
	for i, n := range notes {
		class, ok := classes[n.key]
		if !ok {
			class, ok = drumNames[n.key]
		}
		switch {
		case drums && n.channel != midiDrums:
			elsewhere++
		case !ok:
			unknown[n.key]++
		case !out.addMark(Mark{Line: i + 1, Onset: n.at, Class: class}):
			return nil
		}
	}
	tellNotes(out, unknown, elsewhere)
	return nil
}

// tellNotes says which notes were left out.
func tellNotes(out *reading, unknown map[uint8]int, elsewhere int) {
	if elsewhere > 0 {
		out.note("left out: %s of other channels than 10 (drums)", data.Counted(elsewhere, "note"))
	}
	if len(unknown) == 0 {
		return
	}
	total, each := 0, []string{}
	for _, key := range slices.Sorted(maps.Keys(unknown)) {
		total += unknown[key]
		each = append(each, fmt.Sprintf("%d (%d times)", key, unknown[key]))
	}
	out.note("left out: %s without a class, of key %s; labels.notes in prep.yaml names them", data.Counted(total, "note"), strings.Join(each, ", "))
}

// midiFile is what is of use in a MIDI file.
type midiFile struct {
	division uint16
	apart    bool // format 2: each track has its own time
	tracks   []midiTrack
	names    map[uint8]string // of keys, as our writer leaves them
	wrong    error            // where reading had to stop
	wrongAt  int              // the track
}

type midiTrack struct {
	notes  []midiEvent
	tempos []midiEvent
}

// midiEvent is a note, or a tempo in microseconds a quarter.
type midiEvent struct {
	tick         uint64
	channel, key uint8
	tempo        uint32
}

// parseMIDI reads a file as far as it goes: wrong says why not to its end. It
// fails on a file without a header.
func parseMIDI(b []byte) (f midiFile, err error) {
	f.names = map[uint8]string{}
	if len(b) < 14 || string(b[:4]) != "MThd" || be32(b[4:]) < 6 || uint64(be32(b[4:])) > uint64(len(b)-8) {
		return f, errors.New("the header of a MIDI file is cut short")
	}
	format := be16(b[8:])
	f.apart, f.division = format == 2, be16(b[12:])
	if format > 2 || f.division == 0 || f.division&0x8000 != 0 && (f.division&0xff == 0 || f.framesPerSecond() == 0) {
		return f, fmt.Errorf("a MIDI file of format %d, time division %#x: no such is known", format, f.division)
	}
	b = b[8+be32(b[4:]):]
	for n := 1; len(b) >= 8; n++ {
		id, size := string(b[:4]), uint64(be32(b[4:]))
		b = b[8:]
		if size > uint64(len(b)) {
			f.stop(n, errors.New("the file ends early"))
			size = uint64(len(b))
		}
		if id == "MTrk" {
			if err := f.readTrack(b[:size]); err != nil {
				f.stop(n, err)
			}
		}
		b = b[size:]
	}
	return f, nil
}

// stop notes the first fault.
func (f *midiFile) stop(track int, err error) {
	if f.wrong == nil {
		f.wrong, f.wrongAt = fmt.Errorf("track %d: %w", track, err), track
	}
}

func be16(b []byte) uint16 { return uint16(b[0])<<8 | uint16(b[1]) }
func be32(b []byte) uint32 { return uint32(be16(b))<<16 | uint32(be16(b[2:])) }

var errTrack = errors.New("it ends in the middle of an event")

// readTrack reads the events of a track.
func (f *midiFile) readTrack(b []byte) error {
	f.tracks = append(f.tracks, midiTrack{})
	t := &f.tracks[len(f.tracks)-1]
	var tick uint64
	var status byte
	for len(b) > 0 {
		delta, rest, ok := varint(b)
		if !ok || len(rest) == 0 {
			return errTrack
		}
		tick, b = tick+uint64(delta), rest
		if b[0] >= 0x80 {
			status, b = b[0], b[1:]
		}
		var err error
		switch {
		case status < 0x80:
			return errors.New("an event without a status")
		case status < 0xf0:
			b, err = t.takeVoice(status, tick, b)
		default:
			b, err = f.takeMeta(t, status, tick, b)
			status = 0
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeVoice reads a channel's message; a velocity of 0 ends a note.
func (t *midiTrack) takeVoice(status byte, tick uint64, b []byte) ([]byte, error) {
	size := 2
	if status >= 0xc0 && status < 0xe0 {
		size = 1
	}
	if len(b) < size {
		return nil, errTrack
	}
	if status&0xf0 == 0x90 && b[1] > 0 {
		t.notes = append(t.notes, midiEvent{tick: tick, channel: status & 0xf, key: b[0] & 0x7f})
	}
	return b[size:], nil
}

// The kinds of meta events that are read.
const (
	metaText  = 0x01
	metaEnd   = 0x2f
	metaTempo = 0x51
)

// takeMeta reads a meta event or a system message.
func (f *midiFile) takeMeta(t *midiTrack, status byte, tick uint64, b []byte) ([]byte, error) {
	kind := byte(0)
	if status == 0xff {
		if len(b) == 0 {
			return nil, errTrack
		}
		kind, b = b[0], b[1:]
	} else if status != 0xf0 && status != 0xf7 {
		return nil, fmt.Errorf("a message %#x, which no file has", status)
	}
	n, b, ok := varint(b)
	if !ok || uint64(n) > uint64(len(b)) {
		return nil, errTrack
	}
	switch {
	case kind == metaEnd:
		return nil, nil
	case kind == metaText:
		f.takeName(b[:n])
	case kind == metaTempo && n == 3:
		t.tempos = append(t.tempos, midiEvent{tick: tick, tempo: uint32(b[0])<<16 | uint32(be16(b[1:]))})
	}
	return b[n:], nil
}

// keyName is how our writer says the class of a key, in a text event.
var keyName = regexp.MustCompile(`^note ([0-9]{1,3}): (.+)$`)

func (f *midiFile) takeName(text []byte) {
	if m := keyName.FindSubmatch(text); m != nil {
		if key, err := strconv.Atoi(string(m[1])); err == nil && key < 128 {
			f.names[uint8(key)] = string(m[2])
		}
	}
}

// varint reads a number of up to four bytes of seven bits.
func varint(b []byte) (n uint32, rest []byte, ok bool) {
	for i, c := range b[:min(len(b), 4)] {
		n = n<<7 | uint32(c&0x7f)
		if c < 0x80 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}

// framesPerSecond of a time code; its upper byte is their negative number.
func (f *midiFile) framesPerSecond() float64 {
	switch -int8(f.division >> 8) {
	case 24:
		return 24
	case 25:
		return 25
	case 29:
		return 30000. / 1001
	case 30:
		return 30
	}
	return 0
}

// notes returns all notes by time, on the tempo map of the file or, where each
// track has its own time, of the track.
func (f *midiFile) notes() (all []midiNote) {
	var tempos []midiEvent
	for _, t := range f.tracks {
		tempos = append(tempos, t.tempos...)
	}
	for _, t := range f.tracks {
		if f.apart {
			tempos = t.tempos
		}
		clock := f.clock(tempos)
		for _, n := range t.notes {
			all = append(all, midiNote{clock(n.tick), n.channel, n.key})
		}
	}
	slices.SortStableFunc(all, func(a, b midiNote) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	return all
}

// clock returns the function from ticks, which must not fall, to seconds.
func (f *midiFile) clock(tempos []midiEvent) func(tick uint64) float64 {
	if f.division&0x8000 != 0 {
		perSecond := f.framesPerSecond() * float64(f.division&0xff)
		return func(tick uint64) float64 { return float64(tick) / perSecond }
	}
	tempos = slices.Clone(tempos)
	slices.SortStableFunc(tempos, func(a, b midiEvent) int { return int(int64(a.tick) - int64(b.tick)) })
	// Whole microseconds times the division: exact, however many changes there are.
	tempo, from, passed := 500_000., uint64(0), 0.
	return func(tick uint64) float64 {
		for len(tempos) > 0 && tempos[0].tick <= tick {
			passed += float64(tempos[0].tick-from) * tempo
			from, tempo, tempos = tempos[0].tick, float64(tempos[0].tempo), tempos[1:]
		}
		return (passed + float64(tick-from)*tempo) / (1e6 * float64(f.division))
	}
}
