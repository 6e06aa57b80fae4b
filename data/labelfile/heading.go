package labelfile

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Headings: what the names of columns mean.

// kind is what a column holds.
type kind int

const (
	onsetKind kind = iota
	endKind
	durationKind
	classKind
	fileKind
	whoKind
	kinds
)

// headings are the names of columns, as columnName gives them, each list from
// the surest on.
var headings = [kinds][]string{
	onsetKind: {"file offset", "onset", "onset time", "event onset", "start", "start time", "begin", "begin time", "time start", "t start",
		"tmin", "xmin", "from", "time", "timestamp", "time stamp", "times", "t", "t0", "seconds", "onsets", "position", "attack", "event start time",
		"beginn", "anfang", "startzeit", "zeit", "début", "debut", "temps", "inicio", "tiempo", "inizio", "início", "tempo",
		"начало", "время", "開始", "開始時間", "時間", "开始", "开始时间", "时间"},
	endKind: {"end", "end time", "offset", "offset time", "event offset", "stop", "stop time", "finish", "time end", "t end", "tmax", "xmax", "to", "t1",
		"event end time", "ende", "endzeit", "fin", "fine", "fim", "конец", "終了", "終了時間", "结束", "结束时间"},
	durationKind: {"duration", "length", "delta time", "dur", "event duration", "region duration", "dauer", "durée", "duree", "duración", "duracion",
		"durata", "duração", "длительность", "長さ", "时长"},
	classKind: {"event label", "label", "annotation", "class", "class name", "category", "common name", "event", "sound event", "sound",
		"sound type", "event type", "type", "instrument", "drum", "stroke", "species", "species name", "scientific name", "tag", "tags",
		"event labels", "labels", "positive labels", "trial type", "marker", "marker name", "text", "name", "value",
		"klasse", "klang", "classe", "étiquette", "etiquette", "clase", "etiqueta", "etichetta", "класс", "метка", "звук", "ラベル", "クラス", "标签", "类别"},
	fileKind: {"begin file", "filename", "file name", "file", "audio filename", "audio file", "filepath", "file path", "path", "audio path",
		"audio", "wav", "recording", "sound file", "soundfile", "slice file name", "fname", "begin path", "wav file", "wav filename", "relative path",
		"clip", "datei", "fichier", "archivo", "arquivo", "файл", "ファイル", "文件", "文件名"},
	whoKind: {"annotator", "annotator name", "annotator id", "who", "rater", "coder", "listener", "annotated by", "user", "observer"},
}

// asides are the names of columns of words that are no classes.
var asides = []string{"comment", "comments", "note", "notes", "remark", "remarks", "view", "time format", "id", "index", "split", "license", "licence",
	"url", "species code", "fold", "unsure", "source", "src file", "device", "location", "city", "date", "phoneme", "onset phoneme", "coda phoneme"}

// units are what a column's name ends in that says what its numbers count.
var units = map[string]string{
	"s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "msec": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
	"us": "us", "µs": "us", "microseconds": "us", "samples": "samples", "sample": "samples", "smp": "samples", "frames": "frames", "frame": "frames",
}

// columnName returns a column's name in lower case, its words separated by
// blanks, and the unit that it ends in: "begin time" and "s" for
// "Begin Time (s)" and "beginTime_s".
func columnName(name string) (column, unit string) {
	var b strings.Builder
	before := ' '
	for _, r := range norm.NFC.String(strings.TrimPrefix(strings.TrimSpace(name), "#")) {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	words := strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune(" _()[]-./:\"'*", r) })
	if last := len(words) - 1; last > 0 && units[words[last]] != "" {
		return strings.Join(words[:last], " "), units[words[last]]
	}
	return strings.Join(words, " "), ""
}

// header is the line of a table that names its columns.
type header struct {
	names []string // as they stand there
	known []string // as columnName gives them
	units []string
}

func headerOf(cells []string) *header {
	h := &header{}
	for _, c := range cells {
		name, unit := columnName(c)
		h.names = append(h.names, cleanName(c))
		h.known = append(h.known, name)
		h.units = append(h.units, unit)
	}
	return h
}

// column returns the surest column of a kind, -1 where none is named like one.
// Among those of one name that in seconds is taken.
func (h *header) column(k kind, but ...int) int {
	for _, name := range headings[k] {
		found := -1
		for i, n := range h.known {
			if n == name && !slices.Contains(but, i) && (found < 0 || h.units[i] == "s" && h.units[found] != "s") {
				found = i
			}
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}

// all returns every column of a kind, the surest first.
func (h *header) all(k kind) (found []int) {
	for {
		i := h.column(k, found...)
		if i < 0 {
			return found
		}
		found = append(found, i)
	}
}

// vague are names of classes that other columns bear too.
var vague = []string{"value", "name", "text", "event", "sound"}

// isClass says whether a column is surely named like a class.
func (h *header) isClass(i int) bool {
	return i < len(h.known) && slices.Contains(headings[classKind], h.known[i]) && !slices.Contains(vague, h.known[i])
}

// isHeader says whether a line's cells name the columns of a table of labels:
// none is a number, and one is a known name for an onset, or for a file beside
// one for a class. Between blanks all must be known names.
func isHeader(cells []string, separator byte) bool {
	for _, c := range cells {
		if _, _, ok := number(c); ok {
			return false
		}
	}
	h := headerOf(cells)
	if separator == ' ' {
		return allKnown(h)
	}
	if h.column(onsetKind) >= 0 && (len(cells) > 1 || h.known[0] != "t") {
		return true
	}
	if h.column(endKind) >= 0 && h.column(durationKind) >= 0 {
		return true
	}
	return len(cells) > 1 && h.column(fileKind) >= 0 && h.column(classKind, h.all(fileKind)...) >= 0
}

// allKnown says whether every column has a known name, one of them an onset.
func allKnown(h *header) bool {
	for _, n := range h.known {
		ok := slices.Contains(asides, n)
		for _, names := range headings {
			ok = ok || slices.Contains(names, n)
		}
		if !ok {
			return false
		}
	}
	return h.column(onsetKind) >= 0
}
