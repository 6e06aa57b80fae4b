package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	Patches []made
	Past    int // frames that look past their hit's end
}

// made is a hit's patch, or why it has none.
type made struct {
	Patch   data.Patch
	Refused string
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
		s := stage{set: set, config: c, render: render}
		sum, err := data.Work(ctx, set, job, &s, p)
		if err != nil && s.writer != nil {
			s.writer.Abort()
		}
		return sum, err
	})
}

// stage is a run in progress: its items are tasks.
type stage struct {
	set     *data.Set
	config  Config
	render  data.Render
	base    *Extractor
	writer  *data.PatchWriter // see patches
	summary data.Summary
	hits    int
	past    int
}

// Items returns the hits as tasks, and makes the extractor for the set's rate.
func (s *stage) Items() ([]task, error) {
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
	if s.render == nil && slices.ContainsFunc(hits, func(h data.Hit) bool { return h.Parent != "" }) {
		return nil, errors.New("augmented copies, and nothing to render them with")
	}
	s.base, err = New(s.config, recordings[0].Rate)
	return tasks(hits), err
}

// tasks groups neighbouring hits of one recording.
func tasks(hits []data.Hit) (all []task) {
	for begin := 0; begin < len(hits); {
		first, end := hits[begin], begin+1
		t := task{recording: first.Recording, copies: first.Parent != ""}
		for end < len(hits) && end-begin < maxTask && hits[end].Recording == t.recording && (hits[end].Parent != "") == t.copies {
			end++
		}
		t.hits = hits[begin:end]
		all, begin = append(all, t), end
	}
	return all
}

// Describe implements data.Stage.
func (s *stage) Describe(t task) (note string, weight int) { return t.recording, len(t.hits) }

// Do makes the patches of a task.
func (s *stage) Do(ctx context.Context, t task) (result, error) {
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
		for _, p := range e.Patches(audio, t.hits) {
			res.add(p.Value, p.Err)
		}
	}
	for _, h := range t.hits {
		if t.copies {
			res.add(s.copied(e, audio, h))
		}
		res.Past += e.framesPast(h.End - e.place(h).moment)
	}
	return res, nil
}

func (r *result) add(p data.Patch, err error) {
	m := made{Patch: p}
	if err != nil {
		m = made{Refused: err.Error()}
	}
	r.Patches = append(r.Patches, m)
}

// copied makes the patch of an augmented copy.
func (s *stage) copied(e *Extractor, r data.Reader, h data.Hit) (data.Patch, error) {
	rendered, at, err := s.render(r, h)
	if err != nil {
		return data.Patch{}, err
	}
	p, err := e.Patch(rendered, at)
	p.Hit = h.ID
	return p, err
}

// Take writes the patches of a task.
func (s *stage) Take(t task, r data.Result[result]) error {
	s.hits += len(t.hits)
	if r.Err != nil {
		s.skip(t.hits, r.Err.Error())
		return nil
	}
	w, err := s.patches()
	if err != nil {
		return err
	}
	s.past += r.Value.Past
	for i, m := range r.Value.Patches {
		if m.Refused != "" {
			s.skip(t.hits[i:i+1], m.Refused)
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

func (s *stage) skip(hits []data.Hit, reason string) {
	reason = strings.ReplaceAll(reason, "\n", " ")
	for _, h := range hits {
		s.summary.Skips = append(s.summary.Skips, data.Skip{Item: h.ID, Reason: reason})
	}
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
