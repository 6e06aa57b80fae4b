package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
	"prep/data/labelfile"
	"prep/data/work"
	"prep/ingest/decode"
)

const stage = "ingest"

// Run brings what lies at c.Paths into the set: canonical audio, recordings and
// the labels beside them. It adds: a recording stays whose file is not among the
// paths any more. A file that cannot be taken is a Skip; it fails when a path is not
// there or nothing at all could be taken. A run that was killed continues
// where it was, and ends with the bytes of one that was not.
func Run(ctx context.Context, e work.Engine, c Config) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	found, err := find(c.Paths, e.Set.Path())
	if err != nil {
		return data.Summary{}, err
	}
	in, err := newIntake(e.Set, c, found)
	if err != nil {
		return data.Summary{}, err
	}
	_, in.keeps = e.Mode.(work.Shard)
	in.findFFmpeg(ctx)
	if err := in.recall(); err != nil {
		return data.Summary{}, err
	}
	job, err := in.job()
	if err != nil {
		return data.Summary{}, err
	}
	sum, err := work.Work(ctx, e, job, in)
	return sum, errors.Join(err, in.log.flush())
}

// intake is one run: its items are the files found.
type intake struct {
	set      *data.Set
	c        Config
	found    *finder
	keeps    bool // what is skipped now is not tried again: it is one shard of many
	make     converter
	log      partial
	sum      data.Summary
	labeller *labeller
	old      []data.Recording // what the set had
	removed  []data.Recording // what left it, which its files do not bring back
	takes    []take
	refused  []refusal
	noFFmpeg string          // why there is no ffmpeg that was asked for
	fresh    int             // recordings decoded now
	known    map[string]bool // recordings decoded before, by this edition, or now, by ID
	stale    int             // recordings that an earlier edition decoded
	remixed  int             // recordings whose channels were wanted otherwise
	facts    facts
}

func newIntake(set *data.Set, c Config, found *finder) (*intake, error) {
	in := &intake{
		set: set, c: c, found: found, make: converter{plans: plans{to: c.Rate}, channel: c.Channel}, log: partial{set: set},
		sum: data.Summary{
			Stage:  stage,
			Counts: map[string]int{"files": len(found.files), "ignored": len(found.passed)},
			Skips:  slices.Concat([]data.Skip{}, found.skips),
			Notes:  slices.Clone(found.notes),
		},
		known: map[string]bool{}, facts: facts{byID: map[string]data.Recording{}},
	}
	m, err := c.readMeta()
	in.labeller = &labeller{
		teller: teller{sum: &in.sum, told: map[string][]string{}},
		c:      c, found: found, meta: m, shelves: map[string]shelf{}, patterns: map[string]int{}, tried: map[string]bool{},
	}
	return in, err
}

// sharded is the configuration of the work: all shards must see the same files.
type sharded struct {
	Config
	Files string `json:"files"` // a hash of their names
}

// job describes the work on the files.
func (in *intake) job() (work.Job, error) {
	c := in.c
	c.Paths = slices.Clone(c.Paths)
	for i, p := range c.Paths {
		var err error
		if c.Paths[i], err = filepath.Abs(p); err != nil {
			return work.Job{}, err
		}
	}
	h := sha256.New()
	for _, f := range in.found.files {
		fmt.Fprintf(h, "%q\n", f.name)
	}
	return work.Job{Stage: stage, Editions: editions, Config: sharded{c, hex.EncodeToString(h.Sum(nil)[:16])}}, nil
}

// describe returns what paths and the table of recordings say of a file. It
// fails where nothing says its group, and where group or class can be no name.
func (in *intake) describe(f file) (take, error) {
	_, row := in.labeller.meta.find(f.name)
	t := take{file: f, group: row.group, class: in.c.pathClass(f.name, f.base), more: row.more}
	if row.class != "" {
		t.class, _ = in.c.Class(row.class)
	}
	if t.group == "" {
		var ok bool
		if t.group, ok = in.c.group(f.name); !ok {
			return t, fmt.Errorf("the group pattern %q finds no group in its path; without it the first folder is the group", in.c.GroupFrom)
		}
	}
	return t.named()
}

// named returns the take with its group and class as names are kept.
func (t take) named() (take, error) {
	var err error
	if t.group, err = data.Name(t.group); err != nil {
		return t, fmt.Errorf("its group: %w", err)
	}
	if t.class == "" {
		return t, nil
	}
	if t.class, err = data.Name(t.class); err != nil {
		return t, fmt.Errorf("its class: %w", err)
	}
	return t, nil
}

// take is a file that was read: a name for the bytes that hash to id.
type take struct {
	file
	id           string
	group, class string
	more         map[string]string  // what the table of recordings says beyond that
	inside       *labelfile.Reading // markers in it
}

// taken is what came of a file.
type taken struct {
	ID      string
	Refused string             // what it is, of a kind that is not decoded
	Audio   data.Recording     // what its decoder said; other files may have the same bytes
	Inside  *labelfile.Reading `json:",omitempty"` // markers in it
}

// nothingError says why no file was taken.
func (in *intake) nothingError() error {
	first := in.sum.Skips[0]
	err := fmt.Errorf("%s: %w: %d refused; the first is %s: %s",
		strings.Join(in.c.Paths, ", "), errNothing, len(in.sum.Skips), first.Item, first.Reason)
	if len(in.sum.Notes) > 0 {
		err = fmt.Errorf("%w; %s", err, strings.Join(in.sum.Notes, "; "))
	}
	return err
}

// Items implements work.Stage.
func (in *intake) Items() ([]file, error) { return in.found.files, nil }

// Describe implements work.Stage.
func (in *intake) Describe(f file) (note string, weight int) { return f.name, 1 }

// Do hashes a file, finds its group and class, and decodes it unless its bytes
// are known.
func (in *intake) Do(ctx context.Context, f file) (taken, error) {
	t, err := in.read(ctx, f)
	var fatal work.Fatal
	if err == nil || errors.As(err, &fatal) || disk.IsOfMoment(err) || in.keeps && disk.IsFault(err) {
		return t, err
	}
	return t, errors.New(reason(err))
}

func (in *intake) read(ctx context.Context, f file) (t taken, err error) {
	if _, err := in.describe(f); err != nil {
		return t, err
	}
	r, err := disk.Open(f.path)
	if err != nil {
		return t, err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return t, err
	}
	if t.ID, err = hashOf(ctx, r); err != nil {
		return t, err
	}
	t.Audio, err = in.audio(ctx, r, info, t.ID)
	var u *decode.UnsupportedError
	switch {
	case errors.As(err, &u):
		t.Refused, err = u.Codec, nil
	case err == nil:
		t.Inside = in.c.markersIn(r, info.Size(), t.Audio)
	}
	if fault := r.Fault(); fault != nil {
		return t, work.NewFatal(fault) // whatever a decoder made of it
	}
	return t, err
}

// audio returns what is known of a recording's audio, which it converts unless
// that was done.
func (in *intake) audio(ctx context.Context, r *disk.File, info os.FileInfo, id string) (a data.Recording, err error) {
	a, ok := in.facts.get(id)
	if ok && in.c.current(a) {
		return a, nil
	}
	a, err = in.make.convert(ctx, source{r, info}, func() (*data.AudioWriter, error) { return in.set.CreateAudio(id, in.c.Rate) })
	if err != nil {
		return a, err
	}
	a.ID = id
	in.facts.put(a)
	return a, nil
}

// Take notes what came of a file.
func (in *intake) Take(f file, r work.Result[taken]) error {
	if r.Err != nil {
		in.labeller.skip(f.name, r.Err.Error())
		return nil
	}
	t := r.Value
	if t.Refused != "" {
		in.refused = append(in.refused, refusal{f, t.Refused})
		return nil
	}
	d, err := in.describe(f)
	if err != nil {
		return err
	}
	d.id, d.inside = t.ID, t.Inside
	in.takes = append(in.takes, d)
	if in.known[t.ID] {
		return nil
	}
	in.known[t.ID] = true
	in.fresh++
	in.facts.put(t.Audio)
	return in.log.add(t.Audio)
}

// Finish writes what the takes amount to. They go in the order of their names,
// equal ones in the order of the paths.
func (in *intake) Finish() (data.Summary, error) {
	in.settleRefusals()
	if len(in.takes) == 0 {
		return in.sum, in.nothingError()
	}
	if err := in.log.flush(); err != nil {
		return in.sum, err
	}
	slices.SortStableFunc(in.takes, func(a, b take) int { return strings.Compare(a.name, b.name) })
	err := in.commit(in.takes)
	return in.sum, err
}
