package plots

import (
	"fmt"
	"io"
	"time"

	"prep/data"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Variant is a hit as recorded, or as one transform has it.
type Variant struct {
	// Name is the transform's; Note its amounts: "pitch +2.1 semitones".
	Name, Note string
	Audio      data.Reader
	Hit        data.Hit
}

// What is shown of a variant around its onset.
const (
	variantBefore = 10 * time.Millisecond
	variantAfter  = 60 * time.Millisecond
)

// Augmentation draws a hit beside its augmented copies, waveform over
// spectrogram, all on one scale of amplitude and one of decibels, so that what
// a transform did is seen. It fails when an Audio does.
func Augmentation(w io.Writer, title string, original Variant, copies []Variant) error {
	const (
		columns = 4
		row     = 172
	)
	all := append([]Variant{original}, copies...)
	looks := make([]variantLook, len(all))
	peak, loud := quietest, float64(floorDB+hitDynamicDB)
	for i, v := range all {
		look, err := lookAt(v)
		if err != nil {
			return err
		}
		looks[i] = look
		peak, loud = max(peak, look.wave.peak()), max(loud, loudestValue(look.spectrum))
	}
	rows := (len(all) + columns - 1) / columns
	note := fmt.Sprintf("First the hit as recorded, then %d copies; one scale of amplitude, one of dB re full scale.", len(copies))
	s := newSheet(w, 2*pageMargin+headingHeight(note)+row*vg.Length(rows)+10)
	page := s.page()
	s.heading(&page, title, note)
	for i := 0; i < len(all); i += columns {
		line := page.cutTop(row)
		for k := i; k < min(i+columns, len(all)); k++ {
			b := line.cutLeft((pageWidth - 2*pageMargin - 32) / columns)
			looks[k].draw(s, b, scale{peak, loud, k == i, k == 0})
		}
		if i == 0 {
			beside := box{page.x1 - 29, page.y1 + row - 140, page.x1, page.y1 + row - 62}
			s.colorBar(beside, rangeBelow(loud, hitDynamicDB))
		}
	}
	return s.encode()
}

// scale is what the cells of a page share, and where a cell stands.
type scale struct {
	peak, loud   float64
	first, plain bool // first of its row; the original
}

// variantLook is a variant, looked at.
type variantLook struct {
	Variant
	rate     data.Rate
	from, to int
	wave     envelope
	glass    lens
	spectrum field
}

func lookAt(v Variant) (variantLook, error) {
	rate := v.Audio.SampleRate()
	l := variantLook{Variant: v, rate: rate, from: v.Hit.Onset - rate.N(variantBefore), to: v.Hit.Onset + rate.N(variantAfter)}
	var err error
	if l.wave, err = envelopeOf(v.Audio, l.from, l.to, min(240, l.to-l.from)); err != nil {
		return l, err
	}
	l.glass = lensOver(l.from, l.to, rate.N(hitWindow), 160).limit(float64(rate)/2, rate, 100)
	l.spectrum, err = l.glass.look(v.Audio)
	return l, err
}

func (l variantLook) ms(n int) float64 { return l.rate.Ms(n - l.Hit.Onset) }

func (l variantLook) draw(s *sheet, b box, at scale) {
	b = b.inset(26, 4, 0, 0)
	words := b.cutTop(26)
	title := boldText
	if at.plain {
		title = title.withColor(blue)
	}
	s.write(title, words.x0, words.y0+14, 0, title.fit(l.Name, words.w()))
	s.write(tinyText, words.x0, words.y0+4, 0, tinyText.fit(l.Note, words.w()))
	high := b.cutTop(34)
	b.cutTop(2)
	deep := b.cutTop(78)
	time := linear("", l.ms(l.from), l.ms(l.to), 5)
	time.label = "ms after onset"
	top := float64(l.rate) / 2000
	level, kilohertz := amplitude(at.peak), linear("kHz", 0, top, 5)
	level.label = ""
	if !at.first {
		level, kilohertz = level.withoutWords(), kilohertz.withoutWords()
	}
	upper, lower := panel(time.withoutWords(), level.withoutWords()), panel(time, kilohertz)
	upper.Add(wave{l.wave, time.lo, time.hi, draw.LineStyle{Color: ink}})
	half := l.glass.binHz(l.rate) / 2000
	lower.Add(raster{
		sheet: s, field: l.spectrum, x0: time.lo, x1: l.ms(l.glass.from + l.glass.frames*l.glass.hop),
		y0: -half, y1: top + half, shading: rangeBelow(at.loud, hitDynamicDB), smooth: true,
	})
	s.draw(upper, high)
	s.draw(lower, deep)
	if at.plain {
		s.outline(blue, 1, box{deep.x0 - 1, deep.y0 - 1, deep.x1 + 1, high.y1 + 1})
	}
}
