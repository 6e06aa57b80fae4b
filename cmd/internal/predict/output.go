package predict

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"prep/data"
)

// output writes the hits of one recording in one format.
type output struct {
	extension string
	write     func(w io.Writer, r Recording, p Predictions, c Config) error
}

// outputs are the formats that --format names. The extensions are not those of
// labels, which a prediction must never replace.
var outputs = map[string]output{
	"audacity": {".predicted.txt", writeAudacity},
	"csv":      {".predicted.csv", writeCSV},
	"midi":     {".predicted.mid", writeMIDI},
}

// Formats returns the names of the formats that Save writes, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(outputs)) }

// Save writes the hits of every recording into dir, a file each, in one of
// Formats.
func (p Predictions) Save(dir, format string, c Config) error {
	o := outputs[format]
	for i, base := range bases(p.files()) {
		write := func(w io.Writer) error { return o.write(w, p.Recordings[i], p, c) }
		if err := data.WriteFile(filepath.Join(dir, base+o.extension), write); err != nil {
			return err
		}
	}
	return nil
}

// files returns those of the recordings.
func (p Predictions) files() (files []string) {
	for _, r := range p.Recordings {
		files = append(files, r.File)
	}
	return files
}

// longestBase is the length of the longest name, in bytes, that an ending still
// fits behind.
const longestBase = 200

// bases returns the names of the recordings without folder and extension, with
// their folders where that tells two of one name apart, and else with a number:
// no file replaces another.
func bases(files []string) []string {
	names := make([]string, len(files))
	seen := map[string]int{}
	for i, file := range files {
		names[i] = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		seen[names[i]]++
	}
	for i, file := range files {
		if seen[names[i]] > 1 {
			path := filepath.Clean(file)
			names[i] = data.PlainName(strings.TrimLeft(strings.TrimSuffix(path, filepath.Ext(path)), "./"))
		}
		if len(names[i]) > longestBase {
			names[i] = data.FileName(names[i])
		}
	}
	taken := map[string]bool{}
	for i, name := range names {
		for n := 2; taken[names[i]]; n++ { // a take as WAV and as MP3
			names[i] = fmt.Sprintf("%s-%d", name, n)
		}
		taken[names[i]] = true
	}
	return names
}

// writeCSV writes a row a hit with the probability of every class.
func writeCSV(w io.Writer, r Recording, p Predictions, _ Config) error {
	c := csv.NewWriter(w)
	c.Write(append([]string{"file", "onset_s", "end_s", "class", "probability", "unsure", "level_db"}, p.Classes...))
	for _, h := range r.Hits {
		row := []string{r.File, seconds(h.Onset), seconds(h.End), h.Class,
			strconv.FormatFloat(float64(h.Probability), 'f', 4, 32), strconv.FormatBool(h.Unsure),
			strconv.FormatFloat(h.Level, 'f', 1, 64)}
		for _, q := range h.Probabilities {
			row = append(row, strconv.FormatFloat(float64(q), 'f', 4, 32))
		}
		c.Write(row)
	}
	c.Flush()
	return c.Error()
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 6, 64) }
