package train

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"

	"prep/data"
)

// samples are the labelled hits of a set with their patches, which stay on disk
// until a batch needs them.
type samples struct {
	patches  *data.Patches
	classes  []string // sorted
	examples []data.Example
	class    []int       // of each example
	rows     []int       // of each example in patches
	before   [][]float64 // what comes before each original; nil where nobody knows
	takes    bool        // all are of one group, and their takes stand for groups
	notes    []string
}

// shape returns the shape of the patches.
func (s *samples) shape() Shape {
	return Shape{s.patches.Bands, s.patches.Frames, s.patches.Channels}
}

// openSamples joins the labelled hits with c's kind of patches. It fails when
// there is nothing to learn from, saying why. The caller closes s.patches.
func openSamples(set *data.Set, c Config) (*samples, error) {
	examples, err := set.Lessons()
	if err != nil {
		return nil, err
	}
	patches, err := set.Patches(c.Features)
	if err != nil {
		return nil, err
	}
	s := &samples{patches: patches}
	s.join(s.withoutFew(examples))
	if !c.Leaky {
		if err := s.dealTakes(set); err != nil {
			patches.Close()
			return nil, err
		}
	}
	if err := s.check(c.Leaky); err != nil {
		patches.Close()
		return nil, err
	}
	return s, nil
}

// leastRejected is how many hits that are none of the sounds a class of them takes, of two
// groups at least: of fewer a network learns what one room sounds like.
const leastRejected = 10

// withoutFew leaves out the hits that are none of the sounds where they are too few to learn
// from, and notes it.
func (s *samples) withoutFew(examples []data.Example) []data.Example {
	isRejected := func(e data.Example) bool { return e.Class == data.None }
	n, groups := 0, map[string]bool{}
	for _, e := range examples {
		if isRejected(e) && e.Parent == "" {
			n++
			groups[e.Group] = true
		}
	}
	if n == 0 || n >= leastRejected && len(groups) >= 2 {
		return examples
	}
	s.notes = append(s.notes, fmt.Sprintf("%d rejected hits of %d groups are too few to learn from what is none of the sounds: %d of 2 groups would do",
		n, len(groups), leastRejected))
	return slices.DeleteFunc(examples, isRejected)
}

// sounds returns the classes that are sounds.
func sounds(classes []string) []string {
	return slices.DeleteFunc(slices.Clone(classes), func(c string) bool { return c == data.None })
}

// join keeps the examples that have a class and a patch, and notes the others.
func (s *samples) join(examples []data.Example) {
	row := make(map[string]int, s.patches.N)
	for i, id := range s.patches.Hits {
		row[id] = i
	}
	unlabelled, without := 0, 0
	for _, e := range examples {
		i, ok := row[e.ID]
		switch {
		case e.Class == "":
			unlabelled++
		case !ok:
			without++
		default:
			s.examples, s.rows = append(s.examples, e), append(s.rows, i)
		}
	}
	if unlabelled > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d hits without a label were left out", unlabelled))
	}
	if without > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d labelled hits have no %s patch; `prep features` may have to run again", without, s.patches.Kind))
	}
	s.number()
}

// number gives every class of the examples, besides those already in s.classes, its number,
// in order of the names; what is none of the sounds comes last.
func (s *samples) number() {
	all := map[string]bool{}
	for _, c := range s.classes {
		all[c] = true
	}
	for _, e := range s.examples {
		all[e.Class] = true
	}
	s.classes = sounds(slices.Sorted(maps.Keys(all)))
	if all[data.None] {
		s.classes = append(s.classes, data.None)
	}
	number := map[string]int{}
	for k, c := range s.classes {
		number[c] = k
	}
	for _, e := range s.examples {
		s.class = append(s.class, number[e.Class])
	}
}

// dealTakes has the recordings stand for groups where all samples are of one group, and notes it.
func (s *samples) dealTakes(set *data.Set) error {
	if len(data.CountGroups(s.examples)) != 1 {
		return nil
	}
	recordings, err := set.Recordings()
	if err != nil {
		return err
	}
	name := map[string]string{}
	for _, r := range recordings {
		name[r.ID] = r.Name
	}
	group := s.examples[0].Group
	for i, e := range s.examples {
		s.examples[i].Group = cmp.Or(name[e.Recording], e.Recording)
	}
	if s.takes = len(data.CountGroups(s.examples)) > 1; s.takes {
		s.notes = append(s.notes, fmt.Sprintf("every labelled hit is of one group, %q: its takes were left out in turn, and the figures say nothing of other people; "+
			"set groups with `prep ingest --group-from` if there are any", group))
	}
	return nil
}

// check refuses what cannot be learnt from and notes what is doubtful.
func (s *samples) check(leaky bool) error {
	groups := data.CountGroups(s.examples)
	named := sounds(s.classes)
	switch {
	case len(s.examples) == 0 && s.patches.N > 0:
		return fmt.Errorf("none of the %d %s patches belongs to a labelled hit: label hits, or run `prep features` again",
			s.patches.N, s.patches.Kind)
	case len(s.examples) == 0:
		return fmt.Errorf("there are no %s patches to learn from", s.patches.Kind)
	case len(named) < 2:
		return fmt.Errorf("every labelled hit is of one class, %q: a classifier needs at least two", s.classes[0])
	case len(groups) == 1 && !leaky:
		return fmt.Errorf("every labelled hit is of one group and one recording, %q: nothing is left to test on; "+
			"add recordings, set groups with `prep ingest --group-from`, or use --leaky and trust its number less", groups[0].Group)
	}
	for _, c := range named {
		if in := groupsWith(groups, c); len(in) == 1 && !leaky {
			s.notes = append(s.notes, fmt.Sprintf("class %q is in group %q only: it is never learnt when that group is tested", c, in[0]))
		}
	}
	return nil
}

// groupsWith returns the groups that have hits of a class.
func groupsWith(groups []data.GroupCount, class string) (names []string) {
	for _, g := range groups {
		if g.Classes[class] > 0 {
			names = append(names, g.Group)
		}
	}
	return names
}

// originals returns the number of samples that are sounds and no copies, rejected that of
// hits that are none of the sounds.
func (s *samples) originals() int {
	return s.count(func(class string) bool { return class != data.None })
}

func (s *samples) rejected() int {
	return s.count(func(class string) bool { return class == data.None })
}

func (s *samples) count(of func(class string) bool) (n int) {
	for _, e := range s.examples {
		if e.Parent == "" && of(e.Class) {
			n++
		}
	}
	return n
}

// recordings returns the recordings of the samples, sorted.
func (s *samples) recordings() []string {
	all := map[string]bool{}
	for _, e := range s.examples {
		all[e.Recording] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// digest returns the hash of all that training reads: patches, classes, groups
// and parents, in their order.
func (s *samples) digest() (string, error) {
	h := sha256.New()
	values := make([]float32, s.patches.Size())
	for i, e := range s.examples {
		fmt.Fprintf(h, "%q %q %q %q\n", e.ID, e.Class, e.Group, e.Parent)
		if err := s.patches.Read(s.rows[i], values); err != nil {
			return "", err
		}
		if err := binary.Write(h, binary.LittleEndian, values); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Normalization is what is taken from each band of a patch and what the rest is
// divided by: mean and standard deviation over the training part, for each
// channel and band, channels x bands.
type Normalization struct {
	Mean  []float32 `json:"mean"`
	Scale []float32 `json:"scale"`
}

// normalization measures the given samples.
func (s *samples) normalization(part []int) (Normalization, error) {
	frames := s.patches.Frames
	rows := s.patches.Channels * s.patches.Bands
	sum, squares := make([]float64, rows), make([]float64, rows)
	values := make([]float32, s.patches.Size())
	for _, i := range part {
		if err := s.patches.Read(s.rows[i], values); err != nil {
			return Normalization{}, err
		}
		for r := range rows {
			for _, v := range values[r*frames:][:frames] {
				sum[r] += float64(v)
				squares[r] += float64(v) * float64(v)
			}
		}
	}
	n := Normalization{make([]float32, rows), make([]float32, rows)}
	count := float64(len(part) * frames)
	for r := range rows {
		mean := sum[r] / count
		n.Mean[r] = float32(mean)
		n.Scale[r] = float32(math.Sqrt(max(squares[r]/count-mean*mean, 0)))
		if !(n.Scale[r] > 1e-6) { // a band that never changes: silence above a low rate
			n.Scale[r] = 1
		}
	}
	return n, nil
}

// apply normalizes a patch in place.
func (n Normalization) apply(p data.Patch) {
	for r := range n.Mean {
		row := p.Values[r*p.Frames:][:p.Frames]
		for f := range row {
			row[f] = (row[f] - n.Mean[r]) / n.Scale[r]
		}
	}
}

// place writes a patch, channels x bands x frames, into dst with the channel
// innermost.
func place(dst []float32, p data.Patch) {
	if p.Channels == 1 {
		copy(dst, p.Values)
		return
	}
	plane := p.Bands * p.Frames
	for c := range p.Channels {
		for i, v := range p.Values[c*plane:][:plane] {
			dst[i*p.Channels+c] = v
		}
	}
}
