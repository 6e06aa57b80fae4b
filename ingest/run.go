package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"prep/data"
	"prep/ingest/resample"
)

const (
	stage       = "ingest"
	partialName = "runs/ingest.partial.jsonl"
)

// Run brings what lies at c.Paths into the set: canonical audio, recordings and
// the labels beside them. It adds: a recording stays whose file is not among the
// paths any more. A file that cannot be taken is a Skip. Nothing at all taken is
// an error that wraps ErrNoPath or ErrNothing. A run that was killed continues
// where it was, and ends with the bytes of one that was not.
func Run(ctx context.Context, set *data.Set, c Config, p data.Progress) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	in := &intake{set: set, c: c, p: p, plans: plans{to: c.Rate}}
	in.sum = data.Summary{Stage: stage, Counts: map[string]int{}, Skips: []data.Skip{}}
	err := in.run(ctx)
	return in.sum, err
}

// intake is one run.
type intake struct {
	set   *data.Set
	c     Config
	p     data.Progress
	plans plans
	sum   data.Summary
	old   []data.Recording          // what the set had
	facts map[string]data.Recording // what is known of decoded audio, by ID
	fresh int                       // recordings decoded now
}

// take is a file that was read: a name for the bytes that hash to id.
type take struct {
	file
	id           string
	group, class string
	info         os.FileInfo
}

// writeError is a failure of the set's medium, which ends the run, in contrast
// to one of a source file.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }

func (in *intake) run(ctx context.Context) error {
	found, err := find(in.c.Paths, in.set.Path())
	if err != nil {
		return err
	}
	in.sum.Skips = append(in.sum.Skips, found.skips...)
	in.sum.Counts["files"], in.sum.Counts["ignored"] = len(found.files), found.ignored
	if err := in.recall(); err != nil {
		return err
	}
	takes, err := in.identify(ctx, found.files)
	if err != nil {
		return err
	}
	takes, err = in.decodeAll(ctx, takes)
	if err != nil {
		return err
	}
	if len(takes) == 0 {
		return in.nothing()
	}
	return in.commit(takes)
}

// nothing says why no file was taken.
func (in *intake) nothing() error {
	first := in.sum.Skips[0]
	return fmt.Errorf("%s: %w: %d were refused; the first is %s: %s",
		strings.Join(in.c.Paths, ", "), ErrNothing, len(in.sum.Skips), first.Item, first.Reason)
}

// recall loads what earlier runs know of their audio.
func (in *intake) recall() error {
	var err error
	if in.old, err = in.set.Recordings(); err != nil {
		return err
	}
	for _, r := range in.old {
		if r.Rate != in.c.Rate {
			return fmt.Errorf("rate: %d Hz, but the set's recordings are at %d Hz, and every label counts in samples; "+
				"make a new set with --set", in.c.Rate, r.Rate)
		}
	}
	partial, err := data.ReadJournal[data.Recording](in.set.Path(filepath.FromSlash(partialName)))
	if err != nil {
		return err
	}
	in.facts = map[string]data.Recording{}
	for _, r := range slices.Concat(partial, in.old) {
		if r.Rate == in.c.Rate && in.hasAudio(r) {
			in.facts[r.ID] = r
		}
	}
	return nil
}

// hasAudio reports whether a recording's canonical audio is there and whole.
func (in *intake) hasAudio(r data.Recording) bool {
	a, err := in.set.Audio(r.ID)
	if err != nil {
		return false
	}
	defer a.Close()
	return a.Len() == r.Samples && a.SampleRate() == r.Rate
}

// identify hashes the files and finds their groups and classes. The takes come
// in the order of their names, equal ones in the order of the paths.
func (in *intake) identify(ctx context.Context, files []file) ([]take, error) {
	var takes []take
	done := 0
	for f, r := range data.Map(ctx, files, runtime.GOMAXPROCS(0), in.identifyOne) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		done++
		in.p.Report(data.Step{Stage: stage + ": reading", Done: done, Total: len(files), Note: f.name})
		if r.Err != nil {
			in.skip(f.name, reason(r.Err))
			continue
		}
		takes = append(takes, r.Value)
	}
	slices.SortStableFunc(takes, func(a, b take) int { return strings.Compare(a.name, b.name) })
	return takes, nil
}

func (in *intake) identifyOne(ctx context.Context, f file) (t take, err error) {
	t.file = f
	var ok bool
	if t.group, ok = in.c.group(f.name); !ok {
		return t, fmt.Errorf("the group pattern %q finds no group in its path", in.c.GroupFrom)
	}
	t.class = in.c.folderClass(f.name, f.base)
	r, err := os.Open(f.path)
	if err != nil {
		return t, err
	}
	defer r.Close()
	if t.info, err = r.Stat(); err != nil {
		return t, err
	}
	t.id, err = hashOf(ctx, r)
	return t, err
}

func (in *intake) skip(item, why string) {
	in.sum.Skips = append(in.sum.Skips, data.Skip{Item: oneLine(item), Reason: oneLine(why)})
}

// decodeAll decodes what is not yet known and returns the takes whose bytes are
// in the set now.
func (in *intake) decodeAll(ctx context.Context, takes []take) ([]take, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := &partial{set: in.set}
	refused := map[string]string{}
	fresh := map[string]data.Recording{} // not yet among in.facts, which decode reads
	firsts := firstOfEach(takes)
	done := 0
	for t, r := range data.Map(ctx, firsts, runtime.GOMAXPROCS(0), in.decode) {
		var disk writeError
		if r.Err == nil {
			if _, known := in.facts[t.id]; !known {
				fresh[t.id] = r.Value
				log.add(r.Value)
			}
		}
		switch {
		case errors.As(r.Err, &disk):
			cancel() // the files in flight need not be finished
			return nil, errors.Join(disk.error, log.flush())
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), log.flush())
		case r.Err != nil:
			refused[t.id] = reason(r.Err)
		}
		done++
		in.p.Report(data.Step{Stage: stage, Done: done, Total: len(firsts), Note: t.name})
	}
	if err := errors.Join(log.err, log.flush()); err != nil {
		return nil, err
	}
	maps.Copy(in.facts, fresh)
	in.fresh = len(fresh)
	return slices.DeleteFunc(takes, func(t take) bool {
		why, bad := refused[t.id]
		if bad {
			in.skip(t.name, why)
		}
		return bad
	}), nil
}

// firstOfEach returns the first take of each content.
func firstOfEach(takes []take) (firsts []take) {
	seen := map[string]bool{}
	for _, t := range takes {
		if !seen[t.id] {
			firsts = append(firsts, t)
		}
		seen[t.id] = true
	}
	return firsts
}

// decode makes the canonical audio of a take, unless the set has it.
func (in *intake) decode(ctx context.Context, t take) (r data.Recording, err error) {
	if r, ok := in.facts[t.id]; ok {
		return r, nil
	}
	f, err := os.Open(t.path)
	if err != nil {
		return r, err
	}
	defer f.Close()
	a, err := Decode(f, t.info.Size())
	if err != nil {
		return r, named(err, t.path)
	}
	plan, err := in.plans.get(a.Rate)
	if err != nil {
		return r, err
	}
	w, err := in.set.CreateAudio(t.id, in.c.Rate)
	if err != nil {
		return r, writeError{err}
	}
	n, err := stream(ctx, a, plan, func(x []float32) error {
		if err := w.Write(x); err != nil {
			return writeError{err}
		}
		return nil
	})
	if err == nil {
		err = unchanged(f, t.info, n)
	}
	if err != nil {
		w.Abort()
		return r, err
	}
	if err := w.Commit(); err != nil {
		return r, writeError{err}
	}
	return a.recording(t.id, n, in.c.Rate), nil
}

// unchanged fails when a file is not what it was when it was hashed, or empty.
func unchanged(f *os.File, was os.FileInfo, samples int) error {
	now, err := f.Stat()
	if err != nil {
		return err
	}
	if now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
		return errors.New("it changed while it was read; ingest again")
	}
	if samples == 0 {
		return brokenf("it holds no samples")
	}
	return nil
}

// plans are the resampling filters of a run, made once each.
type plans struct {
	to   data.Rate
	mu   sync.Mutex
	made map[data.Rate]*resample.Plan
}

// maxPlans bounds the filters kept: files of one corpus have few rates.
const maxPlans = 16

func (p *plans) get(from data.Rate) (*resample.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if plan := p.made[from]; plan != nil {
		return plan, nil
	}
	plan, err := resample.NewPlan(int(from), int(p.to))
	if p.made == nil {
		p.made = map[data.Rate]*resample.Plan{}
	}
	if err == nil && len(p.made) < maxPlans {
		p.made[from] = plan
	}
	return plan, err
}

// partial remembers decoded recordings until the manifest is written, so that
// a killed run need not decode them again.
type partial struct {
	set   *data.Set
	lines []data.Recording
	last  time.Time
	err   error
}

// add remembers one; it reaches the disk within a second of the next.
func (l *partial) add(r data.Recording) {
	l.lines = append(l.lines, r)
	if l.err == nil && time.Since(l.last) > time.Second {
		l.err = l.flush()
		l.last = time.Now()
	}
}

func (l *partial) flush() error {
	if len(l.lines) == 0 {
		return nil
	}
	name := l.set.Path(filepath.FromSlash(partialName))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	err := data.AppendLines(name, l.lines)
	l.lines = nil
	return err
}

// recorded is what runs/ingest.json keeps of the configuration: the sources by
// their content and names, never by where they lay.
type recorded struct {
	Rate      data.Rate          `json:"rate"`
	LabelFrom string             `json:"label_from"`
	GroupFrom string             `json:"group_from"`
	Labels    map[string]*string `json:"labels,omitempty"`
	Sources   string             `json:"sources"`
}

// job describes the run for its record.
func (in *intake) job(takes []take) data.Job {
	h := sha256.New()
	for _, t := range takes {
		fmt.Fprintf(h, "%s %q\n", t.id, t.name)
	}
	return data.Job{
		Stage: stage,
		Config: recorded{in.c.Rate, in.c.LabelFrom, in.c.GroupFrom, in.c.Labels,
			hex.EncodeToString(h.Sum(nil)[:16])},
		Outputs: []string{data.RecordingsFile},
	}
}
