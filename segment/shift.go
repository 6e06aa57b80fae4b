package segment

import (
	"cmp"
	"math"
	"slices"

	"prep/data"
)

// People place marks early or late, each in their own way: with the start of a
// breath, by ear, in a program that counts from another sample. Where one shift
// of all the marks of a recording brings clearly more of them to onsets than
// none does, it is what they mean.
//
// At a steady pace two shifts explain the marks equally well and give them to
// different hits. Then what is heard decides: hits of one class sound alike
// under the right shift and not under the other. Where that does not tell, as
// when two classes alternate, regions that hold their sounds do, and at last the
// smaller shift, if it is much the smaller. Else none is taken, and the marks
// are said to be doubtful.

const (
	// shiftStepS is the distance of the shifts tried.
	shiftStepS = 0.003
	// jitterS is how unevenly a person places marks: at this distance from an
	// onset, once the shift is out, a mark explains nothing.
	jitterS = 0.030
	// leastMarks tell a shift; their spread it takes spreadMarks to tell.
	leastMarks  = 2
	spreadMarks = 4
	// leastSoundS is how much of a region must follow the onset in it for the
	// region to hold that sound.
	leastSoundS = 0.015
	// shiftMarginS is by how much another shift that explains as much must be
	// the larger one for it to be out of the question.
	shiftMarginS = 0.030
)

// span is what a label speaks about, in samples, and what it says; end is 0 for
// a moment.
type span struct {
	at, end int
	class   string
}

// reading is one way to read the spans of a recording: which onset each means.
type reading struct {
	shift float64 // seconds from the marks to the onsets
	of    []int   // the onset of each span, or -1
	score float64 // spans explained, each at most once
	held  float64 // the share of the spans whose regions hold their onsets
}

// pairing is which onset each span means.
type pairing struct {
	reading
	// none is how much is explained without a shift.
	none float64
	// doubtful are the spans that could mean another onset as well.
	doubtful []int
}

// pairer pairs spans with onsets, both sorted.
type pairer struct {
	onsets    []int
	spans     []span
	rate      data.Rate
	tolerance int // largest distance of a pair, once the shift is out
	// sounds returns what each onset sounds like, as numbers that compare.
	sounds func() ([][]float64, error)
}

// pair returns which onset each span means, with the shift taken out that
// explains clearly more than none.
func (p pairer) pair() (pairing, error) {
	unshifted := p.read(0)
	best := pairing{reading: unshifted, none: unshifted.score}
	if len(p.spans) < leastMarks || len(p.onsets) == 0 || p.tolerance < p.samples(jitterS) {
		best.of = p.held(p.match(0, p.tolerance))
		best.doubtful = p.takeDoubtful(best.of, 0)
		p.fillOnly(best.of)
		return best, nil
	}
	chosen, sure, err := p.choose(p.readings())
	if err != nil {
		return best, err
	}
	if !sure {
		best.of = slices.Repeat([]int{-1}, len(p.spans))
		for i := range p.spans {
			best.doubtful = append(best.doubtful, i)
		}
		return best, nil
	}
	if math.Abs(chosen.shift) > jitterS && !clearly(chosen, unshifted, len(p.spans)) {
		chosen = unshifted
	}
	best.reading = chosen
	best.of = p.match(best.shift, p.reach(best.reading))
	p.fillRegions(best.of)
	p.fillLonely(best.of, best.shift)
	best.doubtful = p.takeDoubtful(best.of, best.shift)
	return best, nil
}

// clearly reports whether a shift explains clearly more than none: more than
// chance would give one of the many shifts tried, which of a few marks is one.
func clearly(shifted, none reading, n int) bool {
	least := 1.5
	if n < spreadMarks {
		least = 1.05
	}
	return shifted.score-none.score > max(least, 0.06*float64(n))
}

// readings returns the shifts that explain more than their neighbours, the best
// first, each moved to the median of what it leaves.
func (p pairer) readings() []reading {
	var all []reading
	n := int(data.MostShift.Seconds()/shiftStepS + 0.5)
	scores := make([]float64, 2*n+1)
	for i := range scores {
		scores[i] = p.read(float64(i-n) * shiftStepS).score
	}
	for i, s := range scores {
		if s > 0 && s >= scores[max(i-1, 0)] && s > scores[min(i+1, 2*n)] || i == 2*n && s > scores[i-1] {
			all = append(all, p.settle(p.read(float64(i-n)*shiftStepS)))
		}
	}
	slices.SortStableFunc(all, func(a, b reading) int { return cmp.Compare(b.score, a.score) })
	return all
}

// settle moves a reading to the median distance of its pairs.
func (p pairer) settle(r reading) reading {
	for range 3 {
		left := p.distances(r)
		if len(left) == 0 {
			return r
		}
		next := p.read(r.shift + median(left))
		if next.score <= r.score {
			return r
		}
		r = next
	}
	return r
}

// choose returns the reading that explains most. Of those that explain about as
// much and give spans to hits of another class, what is heard chooses, then what
// regions hold, then the size of the shift; sure is false when none of them can.
func (p pairer) choose(readings []reading) (chosen reading, sure bool, err error) {
	if len(readings) == 0 {
		return reading{of: slices.Repeat([]int{-1}, len(p.spans))}, true, nil
	}
	alike := slices.DeleteFunc(readings, func(r reading) bool { return clearly(readings[0], r, len(p.spans)) })
	slices.SortStableFunc(alike, func(a, b reading) int { return cmp.Compare(math.Abs(a.shift), math.Abs(b.shift)) })
	rivals := slices.DeleteFunc(slices.Clone(alike[1:]), func(r reading) bool { return !p.contradict(r.of, alike[0].of) })
	if len(rivals) == 0 {
		return alike[0], true, nil
	}
	rivals = append(rivals, alike[0])
	if chosen, sure, err = p.heard(rivals); sure || err != nil {
		return chosen, sure, err
	}
	slices.SortStableFunc(rivals, func(a, b reading) int { return cmp.Compare(b.held, a.held) })
	if rivals[0].held > 0.8 && rivals[1].held < 0.3 {
		return rivals[0], true, nil
	}
	slices.SortStableFunc(rivals, func(a, b reading) int { return cmp.Compare(math.Abs(a.shift), math.Abs(b.shift)) })
	return rivals[0], math.Abs(rivals[1].shift) > math.Abs(rivals[0].shift)+shiftMarginS, nil
}

// contradict reports whether two readings give more than a few spans to onsets
// that are of another class by the other reading.
func (p pairer) contradict(a, b []int) bool {
	class := map[int]string{}
	for i, k := range b {
		if k >= 0 {
			class[k] = p.spans[i].class
		}
	}
	differ := 0
	for i, k := range a {
		if other, ok := class[k]; ok && other != p.spans[i].class {
			differ++
		}
	}
	return differ > len(a)/20
}

// read pairs the spans under a shift and says how much that explains.
func (p pairer) read(shift float64) reading {
	r := reading{shift: shift, of: p.match(shift, p.samples(jitterS))}
	for i, k := range r.of {
		if k < 0 {
			continue
		}
		d := float64(p.onsets[k]-p.spans[i].at-p.samples(shift)) / float64(p.samples(jitterS))
		r.score += 1 - d*d
		if p.holds(p.spans[i], p.onsets[k]) && p.alone(p.spans[i]) {
			r.held += 1 / float64(len(p.spans))
		}
	}
	return r
}

// match pairs the spans, moved by a shift, with onsets within a reach.
func (p pairer) match(shift float64, reach int) []int {
	at := make([]int, len(p.spans))
	for i, s := range p.spans {
		at[i] = s.at + p.samples(shift)
	}
	of := slices.Repeat([]int{-1}, len(p.spans))
	for _, pair := range data.Match(at, p.onsets, reach) {
		of[pair.A] = pair.B
	}
	return of
}

// reach returns how far from its onset a span may lie, once the shift is out:
// four times the spread of those that lie near.
func (p pairer) reach(r reading) int {
	left := p.distances(r)
	if len(left) < spreadMarks {
		return p.tolerance
	}
	middle := median(left)
	for i := range left {
		left[i] = math.Abs(left[i] - middle)
	}
	spread := 1.4826 * median(left) // of a normal distribution, from its median deviation
	return min(max(p.samples(4*spread), p.samples(jitterS)), p.tolerance)
}

// held gives each region that holds exactly one onset that onset, and takes it
// from whatever else has it.
func (p pairer) held(of []int) []int {
	for i, s := range p.spans {
		k := p.first(s.at)
		if !p.alone(s) || !p.holds(s, p.onsets[k]) || of[i] == k {
			continue
		}
		if other := slices.Index(of, k); other >= 0 {
			of[other] = -1
		}
		of[i] = k
	}
	return of
}

// fillOnly gives a recording's only mark the only onset that a shift could mean.
func (p pairer) fillOnly(of []int) {
	if len(of) != 1 || of[0] >= 0 || p.tolerance < p.samples(jitterS) {
		return
	}
	near := slices.IndexFunc(p.onsets, func(o int) bool { return distance(o, p.spans[0].at) <= p.rate.N(data.MostShift) })
	if near >= 0 && (near+1 == len(p.onsets) || distance(p.onsets[near+1], p.spans[0].at) > p.rate.N(data.MostShift)) {
		of[0] = near
	}
}

// fillRegions gives regions without an onset the only one that they hold.
func (p pairer) fillRegions(of []int) {
	taken := takenOf(of)
	for i, s := range p.spans {
		if k := p.first(s.at); of[i] < 0 && p.alone(s) && p.holds(s, p.onsets[k]) && !taken[k] {
			of[i], taken[k] = k, true
		}
	}
}

// takenOf returns the onsets that spans have.
func takenOf(of []int) map[int]bool {
	taken := map[int]bool{}
	for _, k := range of {
		taken[k] = true
	}
	return taken
}

// fillLonely pairs what is left with each other, as far as the tolerance reaches.
func (p pairer) fillLonely(of []int, shift float64) {
	rest := pairer{rate: p.rate}
	var spans, onsets []int // that are left
	for i, s := range p.spans {
		if of[i] < 0 {
			spans, rest.spans = append(spans, i), append(rest.spans, s)
		}
	}
	taken := takenOf(of)
	for k, o := range p.onsets {
		if !taken[k] {
			onsets, rest.onsets = append(onsets, k), append(rest.onsets, o)
		}
	}
	for i, k := range rest.match(shift, p.tolerance) {
		if k >= 0 {
			of[spans[i]] = onsets[k]
		}
	}
}

// takeDoubtful takes the onset from each span that lies about as near another
// one that no span has, and returns these spans.
func (p pairer) takeDoubtful(of []int, shift float64) (doubtful []int) {
	taken, near := takenOf(of), p.samples(doubtS)
	for i, k := range of {
		if k < 0 {
			continue
		}
		at := p.spans[i].at + p.samples(shift)
		own := distance(at, p.onsets[k])
		if own <= near || p.holds(p.spans[i], p.onsets[k]) && p.alone(p.spans[i]) {
			continue
		}
		for _, other := range []int{k - 1, k + 1} {
			if other >= 0 && other < len(p.onsets) && !taken[other] && distance(at, p.onsets[other]) < own+near {
				doubtful = append(doubtful, i)
				break
			}
		}
	}
	for _, i := range doubtful {
		of[i] = -1
	}
	return doubtful
}

// doubtS is the difference of two distances that a person's hand does not make.
const doubtS = 0.008

// distances returns how far the onsets lie from the shifted marks, in seconds.
func (p pairer) distances(r reading) (left []float64) {
	for i, k := range r.of {
		if k >= 0 {
			left = append(left, float64(p.onsets[k]-p.spans[i].at)/float64(p.rate)-r.shift)
		}
	}
	return left
}

// holds reports whether a region holds an onset and some of the sound after it.
func (p pairer) holds(s span, onset int) bool {
	return s.end > 0 && s.at <= onset && onset+p.samples(leastSoundS) <= s.end
}

// alone reports whether there is exactly one onset in a region.
func (p pairer) alone(s span) bool {
	k := p.first(s.at)
	return s.end > 0 && k < len(p.onsets) && p.onsets[k] < s.end && (k+1 == len(p.onsets) || p.onsets[k+1] >= s.end)
}

// first returns the first onset at or after a sample.
func (p pairer) first(at int) int {
	k, _ := slices.BinarySearch(p.onsets, at)
	return k
}

func (p pairer) samples(seconds float64) int { return int(math.Round(seconds * float64(p.rate))) }

func distance(a, b int) int { return max(a-b, b-a) }

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
