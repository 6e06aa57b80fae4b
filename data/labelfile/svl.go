package labelfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"prep/data"
)

// Layers of Sonic Visualiser (.svl), and sessions of several (.sv, compressed):
// a model of points in frames of its own rate, a dataset of them, a layer that
// shows it. Of instants, regions, notes, boxes and texts the label is the class;
// a curve without labels has none. The format is what Sonic Visualiser's
// sources write: svcore/data/model, svgui/layer.

// svModel is a list of points.
type svModel struct {
	id, dataset, name string
	rate              float64
	instants, values  bool // points of a time alone; of a time and a value
	points            []svPoint
}

type svPoint struct {
	frame, duration, label string
}

// svFile is what a file says.
type svFile struct {
	models []*svModel
	points map[string][]svPoint // by dataset
	at     string               // the dataset that is being read
	names  map[string]string    // of layers by model
}

func isSVL(in *input) bool {
	return strings.Contains(in.head, "<sv>") || strings.Contains(in.head, "<!DOCTYPE sonic-visualiser") ||
		in.hasExtension(".sv") && bytes.HasPrefix(in.raw, []byte("BZh"))
}

func readSVL(in *input, out *reading) error {
	text := ""
	if bytes.HasPrefix(in.raw, []byte("BZh")) {
		b, err := io.ReadAll(io.LimitReader(bzip2.NewReader(bytes.NewReader(in.raw)), maxXML+1))
		if err != nil {
			return fmt.Errorf("a session of Sonic Visualiser that cannot be decompressed: %w", err)
		}
		text = string(b)
	} else {
		text = xmlText(in, out)
	}
	f := svFile{points: map[string][]svPoint{}, names: map[string]string{}}
	if err := walkXML(text, f.open, nil); err != nil {
		out.addFault(1, fmt.Errorf("the XML cannot be read from here: %w", err))
	}
	var tiers []tier
	for _, m := range f.models {
		m.points = f.points[m.dataset]
		if name := f.names[m.id]; name != "" {
			m.name = name
		}
		if m.curve() {
			out.note("left out: the curve %q (%s), which has no labels", m.name, data.Counted(len(m.points), "point"))
			continue
		}
		tiers = append(tiers, m.tier(in, out))
	}
	return out.addTier(tiers, in.opts.Tier)
}

// open takes in an element.
func (f *svFile) open(name string, a xmlAttrs) {
	switch name {
	case "model":
		if a["type"] == "sparse" {
			rate, _ := strconv.ParseFloat(a["sampleRate"], 64)
			f.models = append(f.models, &svModel{id: a["id"], dataset: a["dataset"], name: a["name"], rate: rate,
				instants: a["dimensions"] == "1", values: a["dimensions"] == "2"})
		}
	case "dataset":
		f.at = a["id"]
	case "point":
		f.points[f.at] = append(f.points[f.at], svPoint{a["frame"], a["duration"], a["label"]})
	case "layer":
		if f.names[a["model"]] == "" {
			f.names[a["model"]] = a["name"]
		}
	}
}

// curve says whether the points are values of a curve, and not labels.
func (m *svModel) curve() bool {
	return m.values && len(m.points) > 0 && !slices.ContainsFunc(m.points, func(p svPoint) bool { return p.label != "" })
}

// tier makes marks of the points of a model.
func (m *svModel) tier(in *input, out *reading) tier {
	t := tier{name: m.name}
	rate := m.rate
	if !(rate > 0) {
		rate = float64(in.src.Rate)
	}
	counted := m.instants && numbered(m.points)
	if counted {
		out.note("the labels of the layer %q are numbers: taken as moments without a class", m.name)
	}
	for i, p := range m.points {
		frame, err := strconv.ParseFloat(p.frame, 64)
		if err != nil || !(rate > 0) {
			out.addFault(i+1, fmt.Errorf("frame %.20q at %g Hz is no moment", p.frame, rate))
			continue
		}
		k := Mark{Line: i + 1, Onset: frame / rate, Class: p.label}
		if length, err := strconv.ParseFloat(p.duration, 64); err == nil && length > 0 {
			k.End = (frame + length) / rate
		}
		if counted {
			k.Class = ""
		}
		t.marks = append(t.marks, k)
	}
	return t
}

// numbered says whether points are counted upwards rather than named, as Sonic
// Visualiser does by itself.
func numbered(points []svPoint) bool {
	last := math.Inf(-1)
	for _, p := range points {
		v, err := strconv.ParseFloat(p.label, 64)
		if err != nil || v <= last {
			return false
		}
		last = v
	}
	return len(points) > 1
}

// writeSVL writes a layer of regions, each class at a height of its own, or of
// instants, where no mark has an end and none is named by a number. Marks of the
// whole recording are left out.
func writeSVL(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	frame := func(s float64) int { return int(math.Round(s * float64(r.Rate))) }
	heights := classHeights(r.Marks)
	dimensions, extent, kind := 1, "", "timeinstants"
	if slices.ContainsFunc(r.Marks, func(m Mark) bool { _, err := strconv.ParseFloat(m.Class, 64); return m.End > m.Onset || err == nil }) {
		dimensions, kind = 3, "regions"
		extent = fmt.Sprintf(`subtype="region" minimum="0" maximum="%d" `, len(heights))
	}
	fmt.Fprintf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE sonic-visualiser>\n<sv>\n  <data>\n")
	fmt.Fprintf(b, "    <model id=\"1\" name=\"hits\" sampleRate=\"%d\" start=\"0\" end=\"%d\" type=\"sparse\" dimensions=\"%d\" %sresolution=\"1\" notifyOnAdd=\"true\" dataset=\"0\"/>\n",
		r.Rate, r.Samples, dimensions, extent)
	fmt.Fprintf(b, "    <dataset id=\"0\" dimensions=\"%d\">\n", dimensions)
	for _, m := range r.Marks {
		if m.Whole {
			continue
		}
		if dimensions == 3 {
			extent = fmt.Sprintf(` value="%d" duration="%d"`, heights[m.Class], max(0, frame(m.End)-frame(m.Onset)))
		}
		fmt.Fprintf(b, "      <point frame=\"%d\"%s label=\"%s\"/>\n", frame(m.Onset), extent, xmlEscaped(m.Class))
	}
	fmt.Fprintf(b, "    </dataset>\n  </data>\n  <display>\n    <layer id=\"2\" type=\"%s\" name=\"hits\" model=\"1\" visible=\"true\"/>\n  </display>\n</sv>\n", kind)
	return b.Flush()
}

// classHeights numbers the classes of marks.
func classHeights(marks []Mark) map[string]int {
	heights := map[string]int{}
	for _, m := range marks {
		if _, ok := heights[m.Class]; !ok {
			heights[m.Class] = len(heights)
		}
	}
	return heights
}
