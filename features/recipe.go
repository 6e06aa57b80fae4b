package features

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"prep/data"
)

// Recipe is features/<kind>.json: all that the values of a patch depend on,
// and what follows from it for a reader of the patch. Two sets of patches can
// be compared when their recipes are equal, and a model takes only patches of
// the recipe it was trained on.
type Recipe struct {
	Version int       `json:"version"`
	Config  Config    `json:"config"`
	Rate    data.Rate `json:"rate"`
	// HopMs, WindowMs and PreRollSamples are the Config's lengths in the other
	// unit; BinHz is the distance of the FFT's bins; Overlap is the part of a
	// window that the next frame's shares.
	HopMs          float64 `json:"hop_ms"`
	WindowMs       float64 `json:"window_ms"`
	PreRollSamples int     `json:"pre_roll_samples"`
	BinHz          float64 `json:"bin_hz"`
	Overlap        float64 `json:"overlap"`
	// FramesPast50ms is how many frames look at samples past the end of a hit
	// of 50 ms that starts at frame 0; Run counts them for the real hits.
	FramesPast50ms int `json:"frames_past_50ms"`
	// Beyond, PastEnd and Normalization say in words what lies beyond the
	// recording's edges, past the hit's end, and what scaling is still to come.
	Beyond        string `json:"beyond_the_recording"`
	PastEnd       string `json:"past_the_hit"`
	Normalization string `json:"normalization"`
	// Channels describes the planes of a patch in their order.
	Channels []Channel `json:"channels"`
}

// Channel describes one plane of a patch.
type Channel struct {
	Kind string `json:"kind"`
	Unit string `json:"unit"`
	// Rows and Columns say what they count: Rows "Hz" has its centres in
	// RowHz; Columns begin at ColumnFirst, in steps of ColumnStep.
	Rows        string    `json:"rows"`
	RowHz       []float64 `json:"row_hz,omitempty"`
	Columns     string    `json:"columns"`
	ColumnFirst float64   `json:"column_first"`
	ColumnStep  float64   `json:"column_step"`
	// FirstSample, counted from the onset, and SupportSamples are what a patch
	// looks at; SupportMs is its length.
	FirstSample    int     `json:"first_sample"`
	SupportSamples int     `json:"support_samples"`
	SupportMs      float64 `json:"support_ms"`
	// Lowest and Highest are the resolution of the first and the last row.
	Lowest  Cell `json:"lowest_row"`
	Highest Cell `json:"highest_row"`
	// IndependentCells is about how many of the Bands x Frames values are free
	// of each other; see independent.
	IndependentCells float64 `json:"independent_cells"`
	// EmptyRows counts filters that hold no bin of the FFT: raise fft.
	EmptyRows int `json:"empty_rows"`
	// Note says what the rest leaves out.
	Note string `json:"note,omitempty"`
}

// Cell is what a row can tell apart, whatever the hop and the FFT: a periodic
// Hann window of n samples is worth n/1.5 samples in time and, its equivalent
// noise bandwidth, 1.5 rate/n in frequency (Harris 1978, table 1), or the
// filter's width where that is larger.
type Cell struct {
	WindowSamples int     `json:"window_samples"`
	WindowMs      float64 `json:"window_ms"`
	Ms            float64 `json:"ms"`
	Hz            float64 `json:"hz"`
}

// hannNoiseBandwidth is in bins (Harris 1978, table 1: alpha = 2).
const hannNoiseBandwidth = 1.5

func (b band) cell(rate data.Rate) Cell {
	noiseHz := hannNoiseBandwidth * float64(rate) / float64(b.window)
	return Cell{b.window, rate.Ms(b.window), 1000 / noiseHz, max(noiseHz, b.widthHz)}
}

// independent is the number of resolution cells that rows and frames can tell
// apart, at most one a value:
//
//	sum over rows of min(1, width / noise bandwidth) * min(frames, 1 + (frames-1) hop / (window/1.5))
func (c *Config) independent(rows []band, rate data.Rate) float64 {
	sum := 0.0
	for _, b := range rows {
		samples := float64(b.window) / hannNoiseBandwidth
		inTime := min(float64(c.Frames), 1+float64((c.Frames-1)*c.Hop)/samples)
		sum += inTime * min(1, b.widthHz*samples/float64(rate))
	}
	return sum
}

// Recipe returns the recipe of e's patches.
func (e *Extractor) Recipe() Recipe {
	c := e.config
	r := Recipe{
		Version: Edition, Config: c, Rate: e.rate,
		HopMs: e.rate.Ms(c.Hop), WindowMs: e.rate.Ms(c.Window), PreRollSamples: e.rate.N(c.PreRoll),
		BinHz: hzAt(1, c.FFT, e.rate), Overlap: 1 - float64(c.Hop)/float64(c.Window),
		FramesPast50ms: e.framesPast(int(e.rate) / int(time.Second/data.MaxHit)),
		Beyond:         "zeros beyond the recording's first and last sample, the recorded audio elsewhere",
		PastEnd:        "the recorded audio, which may hold the next attack",
		Normalization:  "none here: a model standardizes with the statistics of its training groups",
	}
	if c.Mask {
		r.PastEnd = "silence in frames whose moment lies at or past the hit's end"
	}
	for i, kind := range c.Kinds() {
		r.Channels = append(r.Channels, e.channel(kind, e.planes[i]))
	}
	return r
}

// Spacing returns how far apart the frames of a patch's first channel are, in ms,
// and, on average, its bands, in Hz: 0 where columns are no times (modulation)
// or rows no frequencies (mfcc).
func (r Recipe) Spacing() (hopMs, hzPerBand float64) {
	if len(r.Channels) == 0 {
		return 0, 0
	}
	c := r.Channels[0]
	if c.Columns == ColumnsMs {
		hopMs = r.HopMs
	}
	if n := len(c.RowHz) - 1; n > 0 {
		hzPerBand = (c.RowHz[n] - c.RowHz[0]) / float64(n)
	}
	return hopMs, hzPerBand
}

// ColumnsMs is Channel.Columns where columns are times.
const ColumnsMs = "ms from the onset"

func (e *Extractor) channel(kind string, t transform) Channel {
	c, rows := &e.config, t.bands()
	first, support := e.support(rows)
	ch := Channel{
		Kind: kind, Unit: c.unit(), Rows: "Hz", Columns: ColumnsMs,
		ColumnFirst: -e.rate.Ms(e.rate.N(c.PreRoll)), ColumnStep: e.rate.Ms(c.Hop),
		FirstSample: first, SupportSamples: support, SupportMs: e.rate.Ms(support),
		Lowest: rows[0].cell(e.rate), Highest: rows[len(rows)-1].cell(e.rate),
		IndependentCells: math.Round(c.independent(rows, e.rate)),
	}
	for _, b := range rows {
		ch.RowHz = append(ch.RowHz, b.centreHz)
	}
	if d, ok := t.(describer); ok {
		d.describe(&ch)
	}
	return ch
}

// describer is a transform whose channel differs from a spectrogram's.
type describer interface{ describe(*Channel) }

// unit returns the unit of values that toDecibels made.
func (c *Config) unit() string {
	return map[string]string{
		refMax: "dB re the patch's peak", refOne: "dB re a power of 1", none: "power",
	}[c.Ref]
}

// support returns the first sample that frames look at, counted from the
// onset, and the number of samples to the last.
func (e *Extractor) support(rows []band) (first, samples int) {
	longest := 0
	for _, b := range rows {
		longest = max(longest, b.window)
	}
	first = -e.rate.N(e.config.PreRoll)
	if e.config.Centred {
		first -= longest / 2
	}
	return first, (e.config.Frames-1)*e.config.Hop + longest
}

// framesPast returns how many frames look past n samples after frame 0's
// moment.
func (e *Extractor) framesPast(n int) int {
	ahead := e.config.Window
	if e.config.Centred {
		ahead -= e.config.Window / 2
	}
	return e.config.Frames - framesBefore(n-ahead+1, e.config.Hop, e.config.Frames)
}

// ParseRecipe reads features/<kind>.json. It fails on a recipe of another
// version, whose values this program cannot make.
func ParseRecipe(raw []byte) (Recipe, error) {
	r, err := DecodeRecipe(raw)
	if err == nil && r.Version != Edition {
		err = fmt.Errorf("recipe: version %d, this program makes version %d: run `prep features` again", r.Version, Edition)
	}
	return r, err
}

// DecodeRecipe is ParseRecipe of any version, for those who show patches. It fails
// on what describes none.
func DecodeRecipe(raw []byte) (Recipe, error) {
	var r Recipe
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("recipe: %w", err)
	}
	if c := r.Config; c.Bands < 1 || c.Bands > maxSide || c.Frames < 1 || c.Frames > maxSide {
		return r, fmt.Errorf("recipe: patches of %d bands x %d frames; 1 to %d are allowed", c.Bands, c.Frames, maxSide)
	}
	if len(r.Channels) == 0 || len(r.Channels) != len(r.Config.Kinds()) || len(r.Channels) > maxChannels {
		return r, fmt.Errorf("recipe: %d channels are described, of kind %.40q", len(r.Channels), r.Config.Kind)
	}
	for _, c := range r.Channels {
		if err := c.check(r.Config.Bands); err != nil {
			return r, fmt.Errorf("recipe: channel %.40q: %w", c.Kind, err)
		}
	}
	return r, nil
}

// check fails where rows and columns have no places, or such as no patch has.
func (c Channel) check(bands int) error {
	if !(c.ColumnStep > 0 && c.ColumnStep < 1e6) || !(math.Abs(c.ColumnFirst) < 1e6) {
		return fmt.Errorf("columns from %g in steps of %g", c.ColumnFirst, c.ColumnStep)
	}
	if len(c.RowHz) > 0 && len(c.RowHz) != bands {
		return fmt.Errorf("%d rows have frequencies, of %d", len(c.RowHz), bands)
	}
	for i, hz := range c.RowHz {
		if !(hz >= 0 && hz < 1e6) || i > 0 && hz <= c.RowHz[i-1] {
			return fmt.Errorf("row %d is at %g Hz", i, hz)
		}
	}
	return nil
}
