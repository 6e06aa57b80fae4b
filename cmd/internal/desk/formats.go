package desk

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// format writes labels into a folder, for another program.
type format func(dir string, all []written) error

// filePerRecording is the format of one file a recording, with the extension by
// which `prep ingest` knows it beside the recording.
func filePerRecording(extension string, write func(*bufio.Writer, written)) format {
	return func(dir string, all []written) error {
		return saveEach(dir, extension, all, func(w io.Writer, r written) error {
			b := bufio.NewWriter(w)
			write(b, r)
			return b.Flush()
		})
	}
}

var formats = map[string]format{
	"audacity":     filePerRecording(".txt", writeAudacity),
	"csv":          filePerRecording(".csv", writeCSV),
	"textgrid":     filePerRecording(".TextGrid", writeTextGrid),
	"raven":        filePerRecording(".Table.1.selections.txt", writeRaven),
	"label-studio": saveLabelStudio,
}

// Formats returns the names of the formats that labels are exported in.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// micro writes a time to the microsecond, which tells samples apart at any rate
// up to 500 kHz.
func micro(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 6, 64) }

// plain is a class without what ends a field of a table of tabs.
var plain = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace

// writeAudacity writes a label track, a region a hit:
// https://manual.audacityteam.org/man/importing_and_exporting_labels.html
func writeAudacity(w *bufio.Writer, r written) {
	for _, it := range r.items {
		fmt.Fprintf(w, "%s\t%s\t%s\n", micro(r.seconds(it.Onset)), micro(r.seconds(it.End)), plain(it.Class))
	}
}

// writeCSV writes a table with onset and end in seconds.
func writeCSV(w *bufio.Writer, r written) {
	c := csv.NewWriter(w)
	c.Write([]string{"onset", "end", "label"})
	for _, it := range r.items {
		c.Write([]string{micro(r.seconds(it.Onset)), micro(r.seconds(it.End)), it.Class})
	}
	c.Flush()
}

// writeRaven writes a selection table; hits cover all frequencies:
// https://www.ravensoundsoftware.com/knowledge-base/selection-tables/
func writeRaven(w *bufio.Writer, r written) {
	fmt.Fprintln(w, strings.Join([]string{"Selection", "View", "Channel", "Begin Time (s)", "End Time (s)",
		"Low Freq (Hz)", "High Freq (Hz)", "Annotation"}, "\t"))
	for i, it := range r.items {
		fmt.Fprintf(w, "%d\tSpectrogram 1\t1\t%s\t%s\t0\t%d\t%s\n", i+1, micro(r.seconds(it.Onset)), micro(r.seconds(it.End)), int(r.Rate)/2, plain(it.Class))
	}
}

// interval is a stretch of a tier; between hits its text is empty.
type interval struct {
	from, to float64
	text     string
}

// writeTextGrid writes an interval tier, which covers the recording without a
// gap: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
func writeTextGrid(w *bufio.Writer, r written) {
	all, at, end := []interval{}, 0, r.seconds(r.Samples)
	for _, it := range r.items {
		if it.Onset > at {
			all = append(all, interval{r.seconds(at), r.seconds(it.Onset), ""})
		}
		all = append(all, interval{r.seconds(it.Onset), r.seconds(it.End), it.Class})
		at = it.End
	}
	if at < r.Samples {
		all = append(all, interval{r.seconds(at), end, ""})
	}
	fmt.Fprintf(w, "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = %s\ntiers? <exists>\nsize = 1\nitem []:\n", micro(end))
	fmt.Fprintf(w, "    item [1]:\n        class = \"IntervalTier\"\n        name = \"hits\"\n        xmin = 0\n        xmax = %s\n", micro(end))
	fmt.Fprintf(w, "        intervals: size = %d\n", len(all))
	for i, v := range all {
		fmt.Fprintf(w, "        intervals [%d]:\n            xmin = %s\n            xmax = %s\n            text = \"%s\"\n",
			i+1, micro(v.from), micro(v.to), strings.ReplaceAll(v.text, `"`, `""`))
	}
}
