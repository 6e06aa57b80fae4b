package mp4

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// edit is an entry of an edit list (elst).
type edit struct {
	duration int64 // in the movie's time, 0 for all the rest
	time     int64 // in the media's, -1 for nothing
	rate     int32 // 1<<16 for the usual speed
}

// readEdits reads the edit list.
func (t *Track) readEdits(trak box) error {
	f := t.file
	elst, ok, err := f.find(trak, "edts", "elst")
	if err != nil || !ok {
		return err
	}
	h, err := f.read(elst, 0, 4)
	if err != nil || len(h) < 4 {
		return err
	}
	long, width := h[0] == 1, 12
	if long {
		width = 20
	}
	rows, err := f.table(elst, 8, width)
	if err != nil || rows.count > maxEdits {
		return err
	}
	for i := range rows.count {
		b, err := rows.row(i)
		if err != nil {
			return err
		}
		e := edit{int64(binary.BigEndian.Uint32(b)), int64(int32(binary.BigEndian.Uint32(b[4:]))), 0}
		if long {
			e.duration, e.time = int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))
		}
		e.rate = int32(binary.BigEndian.Uint32(b[width-4:]))
		t.edits = append(t.edits, e)
	}
	return nil
}

// readSMPB reads iTunSMPB, a comment in which iTunes says what its encoder put in
// front and behind.
func (t *Track) readSMPB(moov box) error {
	f := t.file
	meta, ok, err := f.find(moov, "udta", "meta")
	if err != nil || !ok {
		return err
	}
	if h, err := f.read(meta, 4, 4); err != nil {
		return err
	} else if string(h) != "hdlr" {
		meta.start += 4 // a full box, as it is everywhere but in QuickTime
	}
	ilst, ok, err := f.find(meta, "ilst")
	if err != nil || !ok {
		return err
	}
	return f.each(ilst, 0, func(b box) error {
		if b.kind != "----" {
			return nil
		}
		name, _, err := f.find(b, "name")
		if err != nil {
			return err
		}
		if h, err := f.read(name, 4, 16); err != nil || string(h) != "iTunSMPB" {
			return err
		}
		text, _, err := f.find(b, "data")
		if err != nil {
			return err
		}
		h, err := f.read(text, 8, 256)
		t.smpb = string(h)
		return err
	})
}

// Span are the frames from Start to End, which is not in it.
type Span struct{ Start, End int64 }

// forever is the end of what goes on to the last block.
const forever = math.MaxInt64 >> 2

// Keep returns which frames of the decoded track are the recording, where a block
// has frame frames and a second rate: those that neither the encoder added nor an
// edit took out. told is false where the file does not say what the encoder
// put in front. It fails with an Unsupported.
func (t *Track) Keep(frame, rate int) (keep []Span, told bool, err error) {
	if s, ok := parseSMPB(t.smpb); ok {
		return []Span{s}, true, nil
	}
	end, near, err := t.end(int64(frame), int64(rate))
	if err != nil {
		return nil, false, err
	}
	tick := int64(rate)/t.movieScale + 2 // what the duration of an edit is sure to
	for _, e := range t.edits {
		if e.time < 0 {
			continue
		}
		if e.rate != 1<<16 && e.rate != 0 || e.rate == 0 && len(t.edits) > 1 {
			return nil, false, Unsupported("an edit list that changes the speed")
		}
		s := Span{convert(e.time, int64(rate), t.timescale), end}
		length := convert(e.duration, int64(rate), t.movieScale)
		if e.duration > 0 && (s.Start+length < near-tick || near == forever) {
			s.End = s.Start + length
		}
		if len(keep) > 0 && s.Start < keep[len(keep)-1].End {
			return nil, false, Unsupported("an edit list that repeats or reorders")
		}
		told = told || s.Start > 0
		if s.End > s.Start {
			keep = append(keep, s)
		}
	}
	if len(t.edits) == 0 {
		keep = []Span{{0, end}}
	}
	return keep, told, nil
}

// Late says, in seconds, how long after the movie the sound begins.
func (t *Track) Late() float64 {
	late := int64(0)
	for _, e := range t.edits {
		if e.time >= 0 {
			break
		}
		late += e.duration
	}
	return float64(late) / float64(t.movieScale)
}

// end returns where the media ends by the durations of its blocks (stts), to a frame
// and nearly. The former is forever where these do not count frames: recorders
// write down when blocks came.
func (t *Track) end(frame, rate int64) (exact, near int64, err error) {
	if t.fragmented {
		return forever, forever, nil
	}
	times := &t.samples.times
	sum, regular := int64(0), t.timescale == rate
	for i := range times.count {
		b, err := times.row(i)
		if err != nil {
			return 0, 0, err
		}
		n, d := int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
		last := i == times.count-1 && n == 1 && d <= frame
		regular = regular && (d == frame || last)
		if float64(n)*float64(d) > forever/4 || sum > forever/4 {
			return forever, forever, nil
		}
		sum += n * d
	}
	if times.count == 0 {
		return forever, forever, nil
	}
	if regular {
		return sum, sum, nil
	}
	return forever, convert(sum, rate, t.timescale), nil
}

// convert turns a time from one timescale to another, to the nearest unit.
func convert(v, to, from int64) int64 {
	if to == from {
		return min(v, forever/2)
	}
	return int64(math.Round(min(float64(v)*float64(to)/float64(from), forever/2)))
}

// parseSMPB reads the numbers of iTunSMPB: 0, how many frames are in front, behind,
// and between, in hexadecimal digits.
func parseSMPB(s string) (Span, bool) {
	fields := strings.Fields(s)
	if len(fields) < 4 {
		return Span{}, false
	}
	front, err1 := strconv.ParseUint(fields[1], 16, 32)
	between, err2 := strconv.ParseUint(fields[3], 16, 56)
	if err1 != nil || err2 != nil || between == 0 || front > 1<<16 {
		return Span{}, false
	}
	return Span{int64(front), int64(front) + int64(between)}, true
}
