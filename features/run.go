package features

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"prep/data"
)

// maxTask bounds the hits of one task, and so the patches in memory.
const maxTask = 256

// task is some hits of one recording, all originals or all copies.
type task struct {
	recording string
	copies    bool
	hits      []data.Hit
}

// result is what became of a task's hits, in their order.
type result struct {
	patches []data.Result[data.Patch]
	past    int // frames that look past their hit's end
}

// Run makes the patches of all hits of the set and writes them as
// features/<kind>.npy, .jsonl and .json, in the order of the hits. A hit that
// can have no patch is a Skip. render gives the audio of augmented copies; with
// nil their presence is an error.
func Run(ctx context.Context, set *data.Set, c Config, render data.Render, p data.Progress) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	job := data.Job{
		Stage: "features-" + c.Kind, Config: c,
		Inputs: []string{data.RecordingsFile, data.HitsFile},
	}
	for _, suffix := range []string{".npy", ".jsonl", ".json"} {
		job.Outputs = append(job.Outputs, "features/"+c.Kind+suffix)
	}
	return set.Run(job, func() (data.Summary, error) {
		s := stage{ctx: ctx, set: set, config: c, render: render, progress: p}
		return s.run()
	})
}

// stage is a run in progress.
type stage struct {
	ctx      context.Context
	set      *data.Set
	config   Config
	render   data.Render
	progress data.Progress
	base     *Extractor
	writer   *data.PatchWriter
	summary  data.Summary
	done     int
	past     int
}

func (s *stage) run() (data.Summary, error) {
	hits, err := s.prepare()
	if err != nil {
		return data.Summary{}, err
	}
	c := s.config
	if s.writer, err = s.set.CreatePatches(c.Kind, len(c.Kinds()), c.Bands, c.Frames); err != nil {
		return data.Summary{}, err
	}
	if err := s.extract(hits); err != nil {
		s.writer.Abort()
		return data.Summary{}, err
	}
	s.finish(len(hits))
	return s.summary, s.writer.Commit(s.base.Recipe())
}

// prepare returns the hits and makes the extractor for the set's rate.
func (s *stage) prepare() ([]data.Hit, error) {
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	hits, err := s.set.Hits()
	if err != nil {
		return nil, err
	}
	if len(recordings) == 0 || len(hits) == 0 {
		return nil, errors.New("no hits here; run `prep ingest` and `prep segment` first")
	}
	if copies := len(hits) - len(data.Originals(hits)); copies > 0 && s.render == nil {
		return nil, fmt.Errorf("%d augmented copies, and nothing to render them with", copies)
	}
	s.base, err = New(s.config, recordings[0].Rate)
	return hits, err
}

// extract writes the patches of all hits in their order.
func (s *stage) extract(hits []data.Hit) error {
	for t, r := range data.Map(s.ctx, tasks(hits), runtime.GOMAXPROCS(0), s.do) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if r.Err != nil {
			s.skip(t.hits, r.Err)
		} else if err := s.write(t, r.Value); err != nil {
			return err
		}
		s.done += len(t.hits)
		s.progress.Report(data.Step{Stage: "features", Done: s.done, Total: len(hits), Note: s.config.Kind})
	}
	return s.ctx.Err()
}

// tasks groups neighbouring hits of one recording.
func tasks(hits []data.Hit) []task {
	var all []task
	for _, h := range hits {
		copied, last := h.Parent != "", len(all)-1
		if last < 0 || all[last].recording != h.Recording || all[last].copies != copied || len(all[last].hits) == maxTask {
			all = append(all, task{recording: h.Recording, copies: copied})
			last++
		}
		all[last].hits = append(all[last].hits, h)
	}
	return all
}

// do makes the patches of a task.
func (s *stage) do(ctx context.Context, t task) (result, error) {
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	audio, err := s.set.Audio(t.recording)
	if err != nil {
		return result{}, err
	}
	defer audio.Close()
	e := s.base.Clone()
	res := result{}
	if !t.copies {
		res.patches = e.Patches(audio, t.hits)
	}
	for _, h := range t.hits {
		if t.copies {
			res.patches = append(res.patches, s.copied(e, audio, h))
		}
		res.past += e.framesPast(h.End - e.place(h).moment)
	}
	return res, nil
}

// copied makes the patch of an augmented copy.
func (s *stage) copied(e *Extractor, r data.Reader, h data.Hit) (p data.Result[data.Patch]) {
	rendered, at, err := s.render(r, h)
	if err != nil {
		return data.Result[data.Patch]{Err: err}
	}
	p.Value, p.Err = e.Patch(rendered, at)
	p.Value.Hit = h.ID
	return p
}

func (s *stage) write(t task, r result) error {
	s.past += r.past
	for i, p := range r.patches {
		if p.Err != nil {
			s.skip(t.hits[i:i+1], p.Err)
		} else if err := s.writer.Write(p.Value); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) skip(hits []data.Hit, err error) {
	reason := strings.ReplaceAll(err.Error(), "\n", " ")
	for _, h := range hits {
		s.summary.Skips = append(s.summary.Skips, data.Skip{Item: h.ID, Reason: reason})
	}
}

// finish completes the summary.
func (s *stage) finish(hits int) {
	c, sum := s.config, &s.summary
	sum.Stage = "features"
	sum.Counts = map[string]int{
		"hits": hits, "patches": hits - len(sum.Skips), "frames_past_end": s.past,
	}
	sum.Notes = append(sum.Notes, fmt.Sprintf("%.1f of %d frames a hit look past its end, on average",
		float64(s.past)/float64(hits), c.Frames))
	for _, ch := range s.base.Recipe().Channels {
		if ch.EmptyRows > 0 {
			sum.Notes = append(sum.Notes, fmt.Sprintf("%s: %d of %d filters hold no bin at an FFT of %d: raise fft",
				ch.Kind, ch.EmptyRows, c.Bands, c.FFT))
		}
	}
}
