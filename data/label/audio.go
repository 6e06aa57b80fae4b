package label

import (
	"context"
	"encoding/binary"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"prep/data"
	"prep/data/work"
	"prep/features/pitch"
)

// Limits of one answer.
const (
	maxAudio  = 1 << 21 // samples: 47 s at 44.1 kHz
	maxPixels = 4096    // columns
	maxRows   = 512
	maxThumbs = 500
)

// blockSize is how many samples a value pair of the coarse peaks stands for.
const blockSize = 256

// audioStore reads audio and keeps the coarse peaks of what was looked at: 30
// bytes a second at 44.1 kHz for each of two float32.
type audioStore struct {
	set    *data.Set
	mu     sync.Mutex
	coarse map[string][]float32
}

func newAudioStore(set *data.Set) *audioStore {
	return &audioStore{set: set, coarse: map[string][]float32{}}
}

// blocks returns the least and greatest sample of each block of a recording.
func (s *audioStore) blocks(id string, r data.Reader) ([]float32, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.coarse[id]; ok {
		return c, nil
	}
	n := (r.Len() + blockSize - 1) / blockSize
	c := make([]float32, 0, 2*n)
	buf := make([]float32, 256*blockSize)
	for pos := 0; pos < r.Len(); pos += len(buf) {
		part := buf[:min(len(buf), r.Len()-pos)]
		if err := r.ReadAt(part, pos); err != nil {
			return nil, err
		}
		for len(part) > 0 {
			k := min(blockSize, len(part))
			lo, hi := extremes(part[:k])
			c, part = append(c, lo, hi), part[k:]
		}
	}
	s.coarse[id] = c
	return c, nil
}

func extremes(x []float32) (lo, hi float32) {
	if len(x) == 0 {
		return 0, 0
	}
	lo, hi = x[0], x[0]
	for _, v := range x[1:] {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// peaks returns n pairs of least and greatest sample over [from, to) of r.
func (s *audioStore) peaks(id string, r data.Reader, v span, n int) ([]float32, error) {
	out := make([]float32, 0, 2*n)
	edge := func(i, unit int) int { return (v.from + int(int64(i)*int64(v.to-v.from)/int64(n))) / unit }
	if v.to-v.from >= 2*blockSize*n {
		c, err := s.blocks(id, r)
		for i := range n {
			a, b := edge(i, blockSize), edge(i+1, blockSize)
			a = min(max(a, 0), len(c)/2)
			lo, hi := extremes(c[2*a : 2*min(max(b, a), len(c)/2)])
			out = append(out, lo, hi)
		}
		return out, err
	}
	x, err := data.ReadSpan(r, v.from, v.to)
	for i := range n {
		a, b := edge(i, 1)-v.from, edge(i+1, 1)-v.from
		lo, hi := extremes(x[a:min(max(b, a+1), len(x))])
		out = append(out, lo, hi)
	}
	return out, err
}

// span is a stretch of a recording, in samples.
type span struct{ from, to int }

// reading opens what a request is about: rec, from, to. The caller closes it.
func (p *Page) reading(r *http.Request) (string, *data.AudioFile, span, error) {
	q := r.URL.Query()
	id := q.Get("rec")
	if _, ok := p.index[id]; !ok {
		return id, nil, span{}, refuse(http.StatusNotFound, "no recording %q here", id)
	}
	from, err := strconv.Atoi(q.Get("from"))
	to, err2 := strconv.Atoi(q.Get("to"))
	if err != nil || err2 != nil || from >= to || from < -maxAudio || to > math.MaxInt32*8 {
		return id, nil, span{}, refuse(http.StatusBadRequest, "from %q to %q is no stretch of samples", q.Get("from"), q.Get("to"))
	}
	a, err := p.set.Audio(id)
	return id, a, span{from, to}, err
}

// number returns a query's value between 1 and most.
func number(r *http.Request, name string, most int) (int, error) {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 || n > most {
		return 0, refuse(http.StatusBadRequest, "%s %q: must be 1 to %d", name, r.URL.Query().Get(name), most)
	}
	return n, nil
}

// serveAudio answers the samples [from, to) as little-endian float32; what lies
// outside the recording is zero.
func (p *Page) serveAudio(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := p.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.to-v.from > maxAudio {
		return refuse(http.StatusBadRequest, "%d samples are more than the %d of one answer", v.to-v.from, maxAudio)
	}
	x, err := data.ReadSpan(a, v.from, v.to)
	if err != nil {
		return err
	}
	return writeFloats(w, x)
}

func writeFloats(w http.ResponseWriter, x []float32) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	return binary.Write(w, binary.LittleEndian, x)
}

// servePeaks answers n pairs of least and greatest sample.
func (p *Page) servePeaks(w http.ResponseWriter, r *http.Request) error {
	id, a, v, err := p.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := number(r, "n", maxPixels)
	if err != nil {
		return err
	}
	x, err := p.audio.peaks(id, a, v, n)
	if err != nil {
		return err
	}
	return writeFloats(w, x)
}

// serveSpectrogram answers w x h bytes, row-major, row 0 the lowest band: see
// sonagram.draw.
func (p *Page) serveSpectrogram(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := p.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	cols, err := number(r, "w", maxPixels)
	if err != nil {
		return err
	}
	rows, err := number(r, "h", maxRows)
	if err != nil {
		return err
	}
	window := windowFor(v)
	grid, err := newSonagram(a.SampleRate(), rows, window, max(2*window, 1024)).draw(a, v, cols)
	w.Header().Set("Content-Type", "application/octet-stream")
	if err == nil {
		w.Write(grid)
	}
	return err
}

// thumbSide is the width and height of a thumbnail.
const thumbSide = 40

// serveThumbs answers thumbSide x thumbSide bytes for each of the hits in ids.
func (p *Page) serveThumbs(w http.ResponseWriter, r *http.Request) error {
	ids := strings.Split(r.URL.Query().Get("ids"), ",")
	if len(ids) > maxThumbs {
		return refuse(http.StatusBadRequest, "%d thumbnails are more than the %d of one answer", len(ids), maxThumbs)
	}
	p.mu.Lock()
	items, err := p.itemsNamed(ids)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	all, err := p.thumbs(r.Context(), items, thumbSide, 2*thumbFrame)
	w.Header().Set("Content-Type", "application/octet-stream")
	for _, t := range all {
		w.Write(t)
	}
	return err
}

// thumbFrame is the window of thumbnails, in samples.
const thumbFrame = 512

// thumbs draws the first 50 ms of items, side x side each, in parallel; frames
// are zero-padded to fft samples.
func (p *Page) thumbs(ctx context.Context, items []Item, side, fft int) ([][]byte, error) {
	draw := func(_ context.Context, run []Item) ([][]byte, error) { return p.thumbsOf(run, side, fft) }
	var all [][]byte
	for _, r := range work.Map(ctx, runs(items), runtime.GOMAXPROCS(0), draw) {
		if r.Err != nil {
			return nil, r.Err
		}
		all = append(all, r.Value...)
	}
	return all, nil
}

// runs cuts items where the recording changes, and after 100 of one.
func runs(items []Item) (all [][]Item) {
	for len(items) > 0 {
		n := 1
		for n < min(len(items), 100) && items[n].Recording == items[0].Recording {
			n++
		}
		all, items = append(all, items[:n]), items[n:]
	}
	return all
}

// thumbsOf draws items of one recording.
func (p *Page) thumbsOf(items []Item, side, fft int) (all [][]byte, err error) {
	r := p.recordings[items[0].Recording]
	audio, err := p.set.Audio(r.ID)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	s := newSonagram(r.Rate, side, thumbFrame, fft)
	for _, it := range items {
		from := it.Onset - samples(r, leadMs)
		t, err := s.draw(audio, span{from, from + samples(r, mostMs)}, side)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// servePitch answers the fundamental frequency of [from, to), f0 0 when there
// is none to claim.
func (p *Page) servePitch(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := p.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.to-v.from > 1<<14 {
		return refuse(http.StatusBadRequest, "a pitch is estimated over %d samples at most", 1<<14)
	}
	x, err := data.ReadSpan(a, v.from, v.to)
	if err != nil {
		return err
	}
	f0, confidence, _ := pitch.Estimate(x, a.SampleRate())
	return writeJSON(w, map[string]float64{"f0": f0, "confidence": confidence})
}
