package page

import (
	"math"
	"net/http"
	"strconv"

	"prep/cmd/internal/sonagram"
	"prep/data"
	"prep/features/pitch"
)

// Limits of one answer.
const (
	maxAudio  = 1 << 21 // samples: 47 s at 44.1 kHz
	maxPitch  = 1 << 14 // samples
	maxPixels = 4096    // columns
	maxRows   = 512
	minWindow = 64 // samples of a frame
	maxWindow = 4096
	maxRange  = 120 // dB
)

// sounds answers what is asked about the audio of a set.
type sounds struct {
	set   *data.Set
	has   func(recording string) bool
	peaks *peaks
}

func newSounds(set *data.Set, has func(string) bool) sounds {
	return sounds{set, has, &peaks{coarse: map[string][]float32{}}}
}

// reading opens what a request is about: rec, from, to. The caller closes it.
func (s sounds) reading(r *http.Request) (string, *data.AudioFile, sonagram.Span, error) {
	var none sonagram.Span
	q := r.URL.Query()
	id := q.Get("rec")
	if !s.has(id) {
		return id, nil, none, refuse(http.StatusNotFound, "no recording %q here", id)
	}
	from, err := strconv.Atoi(q.Get("from"))
	to, err2 := strconv.Atoi(q.Get("to"))
	if err != nil || err2 != nil || from >= to || from < -maxAudio || to > math.MaxInt32*8 {
		return id, nil, none, refuse(http.StatusBadRequest, "from %q to %q is no stretch of samples", q.Get("from"), q.Get("to"))
	}
	a, err := s.set.Audio(id)
	return id, a, sonagram.Span{From: from, To: to}, err
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
func (s sounds) serveAudio(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := s.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.To-v.From > maxAudio {
		return refuse(http.StatusBadRequest, "%d samples are more than the %d of one answer", v.To-v.From, maxAudio)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	n, err := a.WriteSpan(w, v.From, v.To) // piece by piece: who does not take them holds no more
	if err != nil && n > 0 {
		panic(http.ErrAbortHandler) // the answer has begun: it must not look whole
	}
	return err
}

// servePeaks answers n pairs of least and greatest sample.
func (s sounds) servePeaks(w http.ResponseWriter, r *http.Request) error {
	id, a, v, err := s.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := number(r, "n", maxPixels)
	if err != nil {
		return err
	}
	x, err := s.peaks.pairs(id, a, v, n)
	if err != nil {
		return err
	}
	return writeFloats(w, x)
}

// serveSpectrogram answers w x h bytes, row-major, row 0 the lowest band.
func (s sounds) serveSpectrogram(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := s.reading(r)
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
	shape, err := shapeOf(r, sonagram.For(v, rows))
	if err != nil {
		return err
	}
	grid, err := shape.NewPlan(a.SampleRate()).Draw(a, v, cols)
	w.Header().Set("Content-Type", "application/octet-stream")
	if err == nil {
		w.Write(grid)
	}
	return err
}

// shapeOf returns the shape of a picture with the window (samples), range (dB) and scale that a
// request asks for, and the usual ones where it asks for none.
func shapeOf(r *http.Request, c sonagram.Config) (sonagram.Config, error) {
	q := r.URL.Query()
	if q.Has("window") {
		n, err := number(r, "window", maxWindow)
		if err != nil || n < minWindow || n&(n-1) != 0 {
			return c, refuse(http.StatusBadRequest, "window %q: must be a power of two, %d to %d", q.Get("window"), minWindow, maxWindow)
		}
		c = c.Windowed(n)
	}
	if q.Has("range") {
		db, err := number(r, "range", maxRange)
		if err != nil {
			return c, err
		}
		c.Range = float64(db)
	}
	switch c.Scale = sonagram.Scale(q.Get("scale")); c.Scale {
	case "", sonagram.Mel, sonagram.Linear, sonagram.Log:
		return c, nil
	}
	return c, refuse(http.StatusBadRequest, "scale %q: must be mel, linear or log", c.Scale)
}

// servePitch answers the fundamental frequency of [from, to), f0 0 when there
// is none to claim.
func (s sounds) servePitch(w http.ResponseWriter, r *http.Request) error {
	_, a, v, err := s.reading(r)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.To-v.From > maxPitch {
		return refuse(http.StatusBadRequest, "a pitch is estimated over %d samples at most", maxPitch)
	}
	x, err := data.ReadSpan(a, v.From, v.To)
	if err != nil {
		return err
	}
	f0, confidence, _ := pitch.Estimate(x, a.SampleRate())
	return writeJSON(w, map[string]float64{"f0": f0, "confidence": confidence})
}
