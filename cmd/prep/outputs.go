package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/smf"

	"prep/data"
)

// predictConfig is the section "predict" of prep.yaml.
type predictConfig struct {
	// Unsure marks hits whose best class has a lower probability.
	Unsure float32 `yaml:"unsure"`
	// Notes are the General MIDI percussion keys of classes, 0 to 127.
	Notes map[string]int `yaml:"notes"`
}

// Validate says which setting is out of range.
func (c predictConfig) Validate() error {
	if !(c.Unsure >= 0 && c.Unsure <= 1) {
		return fmt.Errorf("unsure: %v: must be from 0 to 1", c.Unsure)
	}
	for _, class := range slices.Sorted(maps.Keys(c.Notes)) {
		if n := c.Notes[class]; n < 0 || n > 127 {
			return fmt.Errorf("notes: %s: %d: must be from 0 to 127", class, n)
		}
	}
	return nil
}

// output writes the hits of one recording in one format.
type output struct {
	extension string
	write     func(w io.Writer, r namedRecording, p predictions, c predictConfig) error
}

// outputs are the formats that --format names. The extensions are not those of
// labels, which a prediction must never replace.
var outputs = map[string]output{
	"audacity": {".predicted.txt", writeAudacity},
	"csv":      {".predicted.csv", writeCSV},
	"midi":     {".predicted.mid", writeMIDI},
}

// save writes the hits of a recording into dir, as <base><extension>.
func (r namedRecording) save(dir, base string, o output, p predictions, c predictConfig) error {
	return data.WriteFile(filepath.Join(dir, base+o.extension), func(w io.Writer) error { return o.write(w, r, p, c) })
}

// bases returns the names of the recordings without folder and extension, or
// with as much of their folders as it takes to tell two of one name apart.
func (p predictions) bases() []string {
	names := make([]string, len(p.Recordings))
	seen := map[string]int{}
	for i, r := range p.Recordings {
		names[i] = strings.TrimSuffix(filepath.Base(r.File), filepath.Ext(r.File))
		seen[names[i]]++
	}
	for i, r := range p.Recordings {
		if seen[names[i]] > 1 {
			path := filepath.Clean(r.File)
			names[i] = fileName(strings.TrimLeft(strings.TrimSuffix(path, filepath.Ext(path)), "./"))
		}
	}
	return names
}

// writeAudacity writes a label track: a region a hit, "?" behind unsure names.
func writeAudacity(w io.Writer, r namedRecording, _ predictions, _ predictConfig) error {
	b := bufio.NewWriter(w)
	for _, h := range r.Hits {
		fmt.Fprintf(b, "%.6f\t%.6f\t%s\n", h.Onset, h.End, h.label())
	}
	return b.Flush()
}

// writeCSV writes a row a hit with the probability of every class.
func writeCSV(w io.Writer, r namedRecording, p predictions, _ predictConfig) error {
	c := csv.NewWriter(w)
	c.Write(append([]string{"file", "onset_s", "end_s", "class", "probability", "unsure"}, p.Classes...))
	for _, h := range r.Hits {
		row := []string{r.File, seconds(h.Onset), seconds(h.End), h.Class,
			strconv.FormatFloat(float64(h.Probability), 'f', 4, 32), strconv.FormatBool(h.Unsure)}
		for _, q := range h.Probabilities {
			row = append(row, strconv.FormatFloat(float64(q), 'f', 4, 32))
		}
		c.Write(row)
	}
	c.Flush()
	return c.Error()
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 6, 64) }

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
func writeMIDI(w io.Writer, r namedRecording, p predictions, c predictConfig) error {
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
func (c predictConfig) note(class string, classes []string) uint8 {
	if n, ok := c.Notes[class]; ok {
		return uint8(n)
	}
	if n, ok := generalMIDI[strings.ToLower(class)]; ok {
		return uint8(n)
	}
	return uint8((firstFreeNote + slices.Index(classes, class)) % 128)
}
