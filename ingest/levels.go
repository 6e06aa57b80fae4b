package ingest

import (
	"fmt"
	"math"

	"prep/data"
)

// Levels: how loud the channels of a recording are, moment by moment, alone and
// together.

// levels measures the channels of a recording and their mean.
type levels struct {
	channels int
	block    int // frames in a moment of 10 ms
	filled   int // frames of the moment that is going on
	moment   int // its number
	of       []level
	mean     level
	scratch  []float32
}

// level is the distribution of the powers of one signal's moments: of itself,
// and of its differences, in which hum is weak.
type level struct {
	itself, differences moments
	last                float64
}

// moments counts moments by their level.
type moments struct {
	sum    float64 // of squares, in the moment that is going on
	counts [momentLevels]int
	all    int
}

// The levels that are told apart, in decibels re full scale.
const (
	quietestDB   = -120
	momentLevels = 180
)

func newLevels(channels int, rate data.Rate) *levels {
	return &levels{channels: channels, block: max(int(rate)/100, 1), of: make([]level, channels)}
}

// Of a long recording one moment in some is heard, which costs less and tells as
// much.
const (
	allHeard  = 1000 // moments at the start, ten seconds
	oneHeard  = 4    // of so many from then on
	unheardOf = -300 // decibels, of a signal without moments
)

// add takes in interleaved frames.
func (l *levels) add(x []float32) {
	for len(x) > 0 {
		n := min(l.block-l.filled, len(x)/l.channels)
		span := x[:n*l.channels]
		if l.moment < allHeard || l.moment%oneHeard == 0 {
			l.hear(span)
		} else {
			l.skip(span)
		}
		x = x[len(span):]
		if l.filled += n; l.filled == l.block {
			l.closeMoment()
		}
	}
}

// hear takes in frames of one moment.
func (l *levels) hear(span []float32) {
	for c := range l.of {
		l.of[c].add(span[c:], l.channels)
	}
	l.scratch = mono(append(l.scratch[:0], span...), l.channels)
	l.mean.add(l.scratch, 1)
}

// skip passes over frames, up to the last, from which the next one differs.
func (l *levels) skip(span []float32) {
	frame := span[len(span)-l.channels:]
	sum := 0.0
	for c, v := range frame {
		l.of[c].last = float64(v)
		sum += float64(v)
	}
	l.mean.last = sum / float64(l.channels)
}

// closeMoment ends the moment that is going on, unless it is much shorter than
// one and not the only one.
func (l *levels) closeMoment() {
	heard := l.moment < allHeard || l.moment%oneHeard == 0
	if heard && l.filled > 0 && (l.filled >= l.block/2 || l.moment == 0) {
		for c := range l.of {
			l.of[c].close(l.filled)
		}
		l.mean.close(l.filled)
	}
	l.moment++
	l.filled = 0
}

// add takes in every stride-th sample.
func (v *level) add(x []float32, stride int) {
	last, sum, differences := v.last, 0.0, 0.0
	for i := 0; i < len(x); i += stride {
		s := float64(x[i])
		d := s - last
		last = s
		sum += s * s
		differences += d * d
	}
	v.last = last
	v.itself.sum += sum
	v.differences.sum += differences
}

func (v *level) close(frames int) {
	v.itself.close(frames)
	v.differences.close(frames)
}

func (m *moments) close(frames int) {
	db := 10 * math.Log10(m.sum/float64(frames)+1e-300)
	m.counts[int(min(max(db-quietestDB, 0), momentLevels-1))]++
	m.all++
	m.sum = 0
}

// quantileDB returns the level that a share q of the moments does not exceed.
func (m *moments) quantileDB(q float64) float64 {
	want := int(math.Ceil(q * float64(m.all)))
	for i, n := range m.counts {
		if want -= n; want <= 0 {
			return float64(i + quietestDB)
		}
	}
	return unheardOf
}

// loudShare is which moments are loud: the loudest of ten seconds.
const loudShare = 0.999

// loudDB returns the level of the loud moments.
func (v *level) loudDB() float64 { return v.itself.quantileDB(loudShare) }

// spreadDB returns how far the loud moments are above those that a share q does
// not exceed, in the signal or its differences.
func (v *level) spreadDB(q float64) float64 {
	return max(v.itself.quantileDB(loudShare)-v.itself.quantileDB(q), v.differences.quantileDB(loudShare)-v.differences.quantileDB(q))
}

// split parts the channels by what is said of them.
func (l *levels) split(is func(c int) bool) (those, others []int) {
	for c := range l.of {
		if is(c) {
			those = append(those, c)
		} else {
			others = append(others, c)
		}
	}
	return those, others
}

// loudest returns the first of the loudest channels.
func (l *levels) loudest() (best int) {
	for c := range l.of {
		if l.of[c].loudDB() > l.of[best].loudDB() {
			best = c
		}
	}
	return best
}

// cancel reports whether the mean is much quieter than that of unrelated sounds
// as loud as the channels would be.
func (l *levels) cancel() bool {
	power := 0.0
	for c := range l.of {
		power += math.Pow(10, l.of[c].loudDB()/10)
	}
	unrelatedDB := 10*math.Log10(power) - 20*math.Log10(float64(l.channels))
	return l.mean.loudDB() < unrelatedDB-cancelDB
}

// hides reports whether single sounds that one of the channels has stand out
// much less in the mean.
func (l *levels) hides(channels []int) bool {
	best := 0.0
	for _, c := range channels {
		best = max(best, l.of[c].spreadDB(0.5))
	}
	return best >= livelyDB && l.mean.spreadDB(0.5) <= best-hiddenByDB
}

// differences says that channels differ much in level, or nothing.
func (l *levels) differences() string {
	loud := l.loudest()
	quiet := loud
	for c := range l.of {
		if l.of[c].loudDB() < l.of[quiet].loudDB() {
			quiet = c
		}
	}
	if d := l.of[loud].loudDB() - l.of[quiet].loudDB(); d >= differDB {
		return fmt.Sprintf("%sthey differ much, and their mean is taken: %d is %.0f dB quieter than %d", channelNote, quiet+1, d, loud+1)
	}
	return ""
}
