package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/data"
	"prep/data/work"
)

// maxRun bounds the hits of one item, and so the patches in memory.
const maxRun = 256

// result is what became of a run's hits, in their order.
type result struct {
	Patches []made
	Past    int // frames that look past their hit's end
}

// made is a hit's patch, or why it has none but its hit's ID.
type made struct {
	Patch   data.Patch
	Refused string
}

// Run makes the patches of all hits of the set and writes them as
// features/<kind>.npy, .jsonl and .json, in the order of the hits. A hit that
// can have no patch is a Skip. render gives the audio of augmented copies;
// without it their presence is an error.
func Run(ctx context.Context, e work.Engine, c Config, render data.Render) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	job := work.Job{
		Stage: "features-" + c.Kind, Config: c,
		Editions: work.Editions{"features": Edition, "augment": render.Edition},
		Inputs:   []string{data.RecordingsFile, data.HitsFile},
	}
	for _, suffix := range []string{".npy", ".jsonl", ".json", ".manifest"} {
		job.Outputs = append(job.Outputs, "features/"+c.Kind+suffix)
	}
	return e.Run(job, func() (data.Summary, error) {
		s := stage{set: e.Set, config: c, render: render.Audio}
		sum, err := work.Work(ctx, e, job, &s)
		if err != nil && s.writer != nil {
			s.writer.Abort()
		}
		return sum, err
	})
}

// stage is at work: its items are runs of hits.
type stage struct {
	set     *data.Set
	config  Config
	render  data.RenderFunc
	base    *Extractor
	writer  *data.PatchWriter // see patches
	summary data.Summary
	hits    int
	past    int
}

// Items returns the hits, and makes the extractor for the set's rate.
func (s *stage) Items() ([]data.HitRun, error) {
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	runs, err := s.set.HitRuns(maxRun)
	if err != nil {
		return nil, err
	}
	if len(recordings) == 0 || len(runs) == 0 {
		return nil, errors.New("no hits here; run `prep ingest` and `prep segment` first")
	}
	if s.render == nil && slices.ContainsFunc(runs, func(r data.HitRun) bool { return r.Copies }) {
		return nil, errors.New("augmented copies, and nothing to render them with")
	}
	s.base, err = New(s.config, recordings[0].Rate)
	return runs, err
}

// Describe implements work.Stage.
func (s *stage) Describe(r data.HitRun) (note string, weight int) { return r.Recording, r.Len }

// Do makes the patches of a run of hits.
func (s *stage) Do(ctx context.Context, r data.HitRun) (res result, err error) {
	if err := ctx.Err(); err != nil {
		return res, err
	}
	hits, err := s.set.HitsOf(r)
	if err != nil {
		return res, work.NewFatal(err)
	}
	audio, err := s.set.Audio(r.Recording)
	if err != nil {
		return res, work.NoAudio(r.Recording, err)
	}
	defer audio.Close()
	e := s.base.Clone()
	if !r.Copies {
		for i, p := range e.Patches(audio, hits) {
			res.add(hits[i], p.Value, p.Err)
		}
	}
	for _, h := range hits {
		if r.Copies {
			p, err := s.copyPatch(e, audio, h)
			if work.Ends(err) { // of a recording in the background
				return res, err
			}
			res.add(h, p, err)
		}
		res.Past += e.framesPast(h.End - e.place(h).moment)
	}
	return res, work.NewFatal(audio.Fault())
}

func (r *result) add(h data.Hit, p data.Patch, err error) {
	m := made{Patch: p}
	if err != nil {
		m = made{data.Patch{Hit: h.ID}, err.Error()}
	}
	r.Patches = append(r.Patches, m)
}

// copyPatch makes the patch of an augmented copy.
func (s *stage) copyPatch(e *Extractor, r data.Reader, h data.Hit) (p data.Patch, err error) {
	err = s.render(r, h, func(rendered data.Reader, at data.Hit) (err error) {
		p, err = e.Patch(rendered, at)
		return err
	})
	p.Hit = h.ID
	return p, err
}

// Take writes the patches of a run of hits.
func (s *stage) Take(run data.HitRun, r work.Result[result]) error {
	s.hits += run.Len
	if r.Err != nil {
		hits, err := s.set.HitsOf(run)
		for _, h := range hits {
			s.skip(h.ID, r.Err.Error())
		}
		return err
	}
	w, err := s.patches()
	if err != nil {
		return err
	}
	s.past += r.Value.Past
	for _, m := range r.Value.Patches {
		if m.Refused != "" {
			s.skip(m.Patch.Hit, m.Refused)
		} else if err := w.Write(m.Patch); err != nil {
			return err
		}
	}
	return nil
}

// patches returns the writer, which begins when it is first asked for: a shard
// writes none.
func (s *stage) patches() (w *data.PatchWriter, err error) {
	if s.writer == nil {
		c := s.config
		s.writer, err = s.set.CreatePatches(c.Kind, len(c.Kinds()), c.Bands, c.Frames)
	}
	return s.writer, err
}

func (s *stage) skip(hit, reason string) {
	reason = strings.ReplaceAll(reason, "\n", " ")
	s.summary.Skips = append(s.summary.Skips, data.Skip{Item: hit, Reason: reason})
}

// Finish completes the patches and the summary.
func (s *stage) Finish() (data.Summary, error) {
	w, err := s.patches()
	if err != nil {
		return data.Summary{}, err
	}
	s.summarize()
	return s.summary, w.Commit(s.base.Recipe())
}

func (s *stage) summarize() {
	c, sum := s.config, &s.summary
	sum.Stage = "features"
	sum.Counts = map[string]int{
		"hits": s.hits, "patches": s.hits - len(sum.Skips), "frames_past_end": s.past,
	}
	sum.Notes = append(sum.Notes, fmt.Sprintf("%.1f of %d frames a hit look past its end, on average",
		float64(s.past)/float64(s.hits), c.Frames))
	for _, ch := range s.base.Recipe().Channels {
		if ch.EmptyRows > 0 {
			sum.Notes = append(sum.Notes, fmt.Sprintf("%s: %d of %d filters hold no bin at an FFT of %d: raise fft",
				ch.Kind, ch.EmptyRows, c.Bands, c.FFT))
		}
	}
}
