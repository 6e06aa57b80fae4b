package labelfile

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"prep/data"
)

// ELAN's annotation documents (.eaf): tiers of annotations whose values are the
// classes; alignable ones lie between two time slots in milliseconds, reference
// ones where the annotation lies that they refer to:
// https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf

// elanFile is what a document says.
type elanFile struct {
	file   string
	origin float64 // ms of the recording at the document's 0
	slots  map[string]float64
	tiers  []*elanTier
	byID   map[string]*elanNote
	at     *elanNote // the annotation that is being read
}

type elanTier struct {
	name, who string
	notes     []*elanNote
}

// elanNote is an annotation.
type elanNote struct {
	from, to string // slots
	parent   string // the annotation that it refers to
	value    string

	start, end float64 // ms
	state      int     // of resolve
}

// unaligned is the time of a slot that has none.
const unaligned = -1

func isELAN(in *input) bool { return strings.Contains(in.head, "<ANNOTATION_DOCUMENT") }

func readELAN(in *input, out *reading) error {
	f := elanFile{slots: map[string]float64{}, byID: map[string]*elanNote{}}
	if err := walkXML(xmlText(in, out), f.open, f.close); err != nil {
		out.addFault(1, fmt.Errorf("the XML cannot be read from here: %w", err))
	}
	if f.origin != 0 {
		out.note("the recording begins %g ms before the document, as it says itself", f.origin)
	}
	spread := 0
	for _, t := range f.tiers {
		spread += f.align(t)
	}
	if spread > 0 {
		out.note("%s without a time: spread evenly between those around them", data.Counted(spread, "boundary"))
	}
	var tiers []tier
	for _, t := range f.tiers {
		tiers = append(tiers, f.marks(t, out))
	}
	return out.addTier(tiers, in.opts.Tier)
}

// open takes in the start of an element.
func (f *elanFile) open(name string, a xmlAttrs) {
	switch name {
	case "MEDIA_DESCRIPTOR":
		f.openMedia(a)
	case "TIME_SLOT":
		t, err := strconv.ParseFloat(a["TIME_VALUE"], 64)
		if err != nil || t < 0 {
			t = unaligned
		}
		f.slots[a["TIME_SLOT_ID"]] = t
	case "TIER":
		f.tiers = append(f.tiers, &elanTier{name: a["TIER_ID"], who: a["ANNOTATOR"]})
	case "ALIGNABLE_ANNOTATION", "REF_ANNOTATION":
		if len(f.tiers) == 0 {
			return
		}
		t := f.tiers[len(f.tiers)-1]
		f.at = &elanNote{from: a["TIME_SLOT_REF1"], to: a["TIME_SLOT_REF2"], parent: a["ANNOTATION_REF"]}
		t.notes = append(t.notes, f.at)
		f.byID[a["ANNOTATION_ID"]] = f.at
	}
}

// openMedia takes in which recording it is, of several the first.
func (f *elanFile) openMedia(a xmlAttrs) {
	if f.file != "" {
		return
	}
	f.file = a["MEDIA_URL"]
	if relative := a["RELATIVE_MEDIA_URL"]; relative != "" {
		f.file = relative
	}
	if u, err := url.Parse(f.file); err == nil && u.Path != "" {
		f.file = u.Path
	}
	f.file = strings.TrimPrefix(f.file, "./")
	f.origin, _ = strconv.ParseFloat(a["TIME_ORIGIN"], 64)
}

func (f *elanFile) close(name, text string) {
	if name == "ANNOTATION_VALUE" && f.at != nil {
		f.at.value = text
	}
}

// align gives the slots of a tier that have no time one between those of their
// neighbours, and returns how many there were.
func (f *elanFile) align(t *elanTier) (n int) {
	var chain []string
	for _, a := range t.notes {
		for _, slot := range []string{a.from, a.to} {
			if a.parent == "" && (len(chain) == 0 || chain[len(chain)-1] != slot) {
				chain = append(chain, slot)
			}
		}
	}
	for i := 0; i < len(chain); i++ {
		if f.time(chain[i]) != unaligned {
			continue
		}
		end := i
		for end < len(chain) && f.time(chain[end]) == unaligned {
			end++
		}
		if i == 0 || end == len(chain) {
			return n // at an end of the tier: nothing around it says when it is
		}
		from, to := f.time(chain[i-1]), f.time(chain[end])
		for k := i; k < end; k++ {
			f.slots[chain[k]] = from + (to-from)*float64(k-i+1)/float64(end-i+1)
			n++
		}
		i = end
	}
	return n
}

func (f *elanFile) time(slot string) float64 {
	if t, ok := f.slots[slot]; ok {
		return t
	}
	return unaligned
}

// The states of an annotation's times.
const (
	unresolved = iota
	resolving
	resolved
	hopeless
)

// resolve finds the times of an annotation, which may be those of another.
func (f *elanFile) resolve(a *elanNote, depth int) bool {
	if a.state != unresolved {
		return a.state == resolved
	}
	a.state = resolving
	if a.parent == "" {
		a.start, a.end = f.time(a.from), f.time(a.to)
	} else if p := f.byID[a.parent]; p != nil && depth < maxXMLDepth && f.resolve(p, depth+1) {
		a.start, a.end = p.start, p.end
	} else {
		a.start = unaligned
	}
	if a.start == unaligned || a.end == unaligned {
		a.state = hopeless
		return false
	}
	a.state = resolved
	return true
}

// marks returns the labels of a tier; several annotations that refer to one
// share its time evenly, in their order.
func (f *elanFile) marks(t *elanTier, out *reading) tier {
	siblings := map[string]int{}
	for _, a := range t.notes {
		if a.parent != "" {
			siblings[a.parent]++
		}
	}
	done, lost := map[string]int{}, 0
	all := tier{name: t.name}
	for i, a := range t.notes {
		if !f.resolve(a, 0) {
			lost++
			continue
		}
		start, end := a.start, a.end
		if n := siblings[a.parent]; n > 1 {
			k, step := float64(done[a.parent]), (a.end-a.start)/float64(n)
			done[a.parent]++
			start, end = a.start+k*step, a.start+(k+1)*step
		}
		m := Mark{Line: i + 1, Onset: (start + f.origin) / 1000, Class: a.value, File: f.file, Who: t.who}
		if end-start > 1 {
			m.End = (end + f.origin) / 1000
		}
		all.marks = append(all.marks, m)
	}
	if lost > 0 {
		out.note("left out: %s of the tier %q without a time", data.Counted(lost, "annotation"), t.name)
	}
	return all
}
