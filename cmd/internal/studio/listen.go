package studio

import (
	"io"

	"prep/cmd/internal/page"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/ingest"
	"prep/ingest/decode"
)

// Listen names the hits of samples as they come, by the newest model that there is.
func (s *Studio) Listen(rate data.Rate, samples io.Reader, heard func(page.Heard) error) error {
	p, err := s.predictor()
	if err != nil {
		return err
	}
	if err := p.CheckLive(); err != nil {
		return err
	}
	live, err := ingest.NewLive(samples, decode.PCM{Rate: rate, Channels: 1, Encoding: "f32le"}, p.Rate())
	if err != nil {
		return err
	}
	s.ears.add(p)
	defer s.ears.remove(p)
	return p.Live(live, func(h predict.Hit) error {
		return heard(page.Heard{Onset: h.Onset, End: h.End, Class: h.Class, Probability: h.Probability, Unsure: h.Unsure, Level: h.Level})
	}, func(float64, error) {})
}
