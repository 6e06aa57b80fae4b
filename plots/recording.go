package plots

import (
	"fmt"
	"io"
	"math"

	"prep/data"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// RecordingView is a recording and what was found in it.
type RecordingView struct {
	Name  string
	Audio data.Reader
	// Hits lie in this recording, in the order of their onsets.
	Hits []data.Example
}

// How a recording is broken into lines: of about so many seconds each, at most
// so many of them, and so many spectra a line.
const (
	lineSeconds = 6
	maxLines    = 8
	lineFrames  = 2000
)

// Recording draws waveform and spectrogram of a whole recording, in lines like
// a score, each hit as a line at its onset in the colour of its class with its
// name above; names that would overlap are left out, their marks are not. It
// reads v.Audio in blocks and fails when that does.
func Recording(w io.Writer, v RecordingView) error {
	rate, n := v.Audio.SampleRate(), v.Audio.Len()
	lines := min(max(int(math.Ceil(rate.D(n).Seconds()/lineSeconds)), 1), maxLines)
	v.Hits = mergeRare(v.Hits)
	keys := classKeys(classesOf(v.Hits))
	lane := system{rate: rate, height: 70, deep: 150}
	if lines > 1 {
		lane.height, lane.deep = 42, 66
	}
	note := fmt.Sprintf("%.2f s at %d Hz, %d hits. Window 1024 samples (%.1f ms).", rate.D(n).Seconds(), int(rate), len(v.Hits), rate.Ms(1024))
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(keys, pageWidth-2*pageMargin)+lane.total()*vg.Length(lines)+10)
	page := s.page()
	s.heading(&page, v.Name, note)
	s.legend(&page, keys)
	lane.sheet, lane.hits, lane.color = s, v.Hits, colorOf(keys)
	if err := lane.measure(v.Audio, n, lines); err != nil {
		return err
	}
	for i := range lines {
		lane.draw(page.cutTop(lane.total()), i)
	}
	return s.encode()
}

func colorOf(keys []key) map[string]key {
	of := map[string]key{}
	for _, k := range keys {
		of[k.name] = k
	}
	return of
}

// system is how the lines of a recording are drawn.
type system struct {
	*sheet
	rate         data.Rate
	hits         []data.Example
	color        map[string]key
	height, deep vg.Length // of waveform and spectrogram
	step         int       // samples a line
	waves        []envelope
	spectra      []field
	lenses       []lens
	peak, top    float64
}

func (y *system) total() vg.Length { return 14 + y.height + 3 + y.deep + 20 }

// measure looks at all lines, so that they share their scales.
func (y *system) measure(r data.Reader, n, lines int) error {
	y.step = max((n+lines-1)/lines, 64)
	y.peak, y.top = quietest, floorDB+dynamicDB
	for i := range lines {
		from := i * y.step
		wave, err := envelopeOf(r, from, from+y.step, 1040)
		if err != nil {
			return err
		}
		glass := lensOver(from, from+y.step, 1024, lineFrames)
		glass.hop = max(glass.hop, 128)
		glass.frames = (y.step + glass.hop - 1) / glass.hop
		spectrum, err := glass.look(r)
		if err != nil {
			return err
		}
		y.waves, y.spectra, y.lenses = append(y.waves, wave), append(y.spectra, spectrum), append(y.lenses, glass)
		y.peak, y.top = max(y.peak, wave.peak()), max(y.top, loudestValue(spectrum))
	}
	return nil
}

// dynamicDB is how far below its peak a spectrogram shows sound.
const dynamicDB = 80

func (y *system) draw(b box, i int) {
	glass := y.lenses[i]
	from, to := y.seconds(glass.from), y.seconds(glass.from+y.step)
	label := ""
	if i == len(y.lenses)-1 {
		label = "time (s)"
	}
	time := linear(label, from, to, 12)
	names := b.cutTop(14)
	high := b.cutTop(y.height).inset(40, 34, 0, 0)
	b.cutTop(3)
	deep := b.cutTop(y.deep).inset(40, 34, 0, 0)
	upper := panel(time.withoutWords(), amplitude(y.peak))
	upper.Add(wave{y.waves[i], from, to, draw.LineStyle{Color: quiet}})
	nyquist := float64(y.rate) / 2000
	lower := panel(time, linear("kHz", 0, nyquist, 5))
	half := glass.binHz(y.rate) / 2000
	lower.Add(raster{
		sheet: y.sheet, field: y.spectra[i], x0: from, x1: y.seconds(glass.from + glass.frames*glass.hop), y0: -half, y1: nyquist + half,
		shading: rangeBelow(y.top, dynamicDB), smooth: true,
	})
	y.sheet.draw(upper, high)
	y.sheet.draw(lower, deep)
	y.marks(names, high, deep, i)
	y.colorBar(box{deep.x1 + 7, deep.y0, deep.x1 + 34, deep.y1}, rangeBelow(y.top, dynamicDB))
}

func (y *system) seconds(n int) float64 { return float64(n) / float64(y.rate) }

// marks draws the onsets of line i and, where there is room, their names.
func (y *system) marks(names, high, deep box, i int) {
	from := y.lenses[i].from
	free := high.x0 - 20
	for _, e := range y.hits {
		if e.Onset < from || e.Onset >= from+y.step {
			continue
		}
		class := y.color[className(e)]
		x := high.x0 + high.w()*vg.Length(e.Onset-from)/vg.Length(y.step)
		y.line(class.color, 1, x, high.y0, x, high.y1+2)
		y.line(mix(class.color, paper, 0.35), 0.8, x, deep.y1-5, x, deep.y1)
		if e.Class == "" {
			continue
		}
		name := tinyText.fit(class.name, 60)
		w := tinyText.width(name)
		if left := min(max(x-w/2, high.x0), high.x1-w); left > free+3 {
			y.write(tinyText.withColor(mix(class.color, ink, 0.25)), left, names.y0+4, 0, name)
			free = left + w
		}
	}
}
