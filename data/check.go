package data

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"prep/data/disk"
	"prep/data/num"
)

// Problem is something wrong with a set: where (a file and, in manifests, the
// line) and what.
type Problem struct {
	Where string `json:"where"`
	What  string `json:"what"`
	// Cause is alike for problems that have one cause: what is wrong without what it is wrong with. It may be "".
	Cause string `json:"-"`
}

// Check reads the manifests, audio and patches of the set and returns what is wrong with it, in the order
// of the files and lines. The error is of a disk that cannot be read, or ctx's.
func (s *Set) Check(ctx context.Context, p Progress) ([]Problem, error) {
	c := checker{ctx: ctx, progress: p, set: s, recordings: map[string]Recording{}, hits: map[string]Hit{}}
	for _, part := range []func() error{
		c.checkRemoved, c.checkRecordings, c.checkHits, c.checkLabels, c.checkPatches, c.checkBundles, c.checkLeftovers} {
		if err := errors.Join(part(), ctx.Err()); err != nil {
			return c.problems, err
		}
	}
	return c.problems, nil
}

type checker struct {
	ctx        context.Context
	progress   Progress
	set        *Set
	recordings map[string]Recording
	removed    map[string]bool // recordings that left the set, by ID
	hits       map[string]Hit
	problems   []Problem
}

func (c *checker) add(where, format string, args ...any) {
	c.problems = append(c.problems, Problem{where, fmt.Sprintf(format, args...), format})
}

// manifest reports a manifest that does not parse as a problem; a disk that
// fails stays an error.
func (c *checker) manifest(file string, err error) error {
	var path *fs.PathError
	if err == nil || errors.As(err, &path) {
		return err
	}
	c.add(file, "%s", c.inSet(err))
	return nil
}

// inSet returns an error's text with its file named from the set on: where says
// the rest, and the machine's folders are nobody's business.
func (c *checker) inSet(err error) string {
	return strings.TrimPrefix(err.Error(), c.set.Path()+string(filepath.Separator))
}

func (c *checker) checkRemoved() error {
	removed, err := c.set.Removed()
	c.removed = ids(removed)
	return c.manifest(RemovedFile, err)
}

func (c *checker) checkRecordings() error {
	recordings, err := c.set.Recordings()
	names := map[string]bool{}
	for i, r := range recordings {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		c.progress.Report(Step{Stage: "check", Done: i, Total: len(recordings), Note: r.Name})
		where := fmt.Sprintf("%s:%d", RecordingsFile, i+1)
		if _, ok := c.recordings[r.ID]; ok {
			c.add(where, "recording %s is listed twice", r.ID)
		}
		if c.removed[r.ID] {
			c.add(where, "recording %s was removed and is listed; `prep remove %s` again", r.Name, r.ID)
		}
		if names[r.Name] {
			c.add(where, "the name %q is listed twice", r.Name)
		}
		if r.Group == "" {
			c.add(where, "%s has no group", r.Name)
		}
		if first := recordings[0]; r.Rate != first.Rate {
			c.add(where, "%s is at %d Hz, %s at %d: a set has one rate", r.Name, r.Rate, first.Name, first.Rate)
		}
		c.recordings[r.ID], names[r.Name] = r, true
		c.checkAudio(where, r)
	}
	return c.manifest(RecordingsFile, err)
}

func (c *checker) checkAudio(where string, r Recording) {
	a, err := c.set.Audio(r.ID)
	if err != nil {
		c.add(where, "audio of %s: %v", r.Name, err)
		return
	}
	defer a.Close()
	if a.rate != r.Rate || a.n != r.Samples {
		c.add(where, "audio of %s has %d samples at %d Hz, listed are %d at %d", r.Name, a.n, a.rate, r.Samples, r.Rate)
	}
	if err := cmp.Or(a.checkSum(r), a.checkSamples()); err != nil {
		c.add(where, "audio of %s: %v", r.Name, err)
	}
}

// checkSum fails when the samples are not those that the recording was listed
// with; one that is listed without a sum passes.
func (a *AudioFile) checkSum(r Recording) error {
	if r.AudioCRC32C == "" {
		return nil
	}
	sum, err := a.Sum()
	if err == nil && sum != r.AudioCRC32C {
		err = fmt.Errorf("not what ingest wrote: its CRC-32C was %s and is %s; remove audio/%s.wav and ingest again",
			r.AudioCRC32C, sum, r.ID)
	}
	return err
}

// checkSamples fails unless every sample can be read and is a finite number.
func (a *AudioFile) checkSamples() error {
	buf := make([]float32, 1<<15)
	for pos := 0; pos < a.n; pos += len(buf) {
		if err := a.ReadAt(buf, pos); err != nil {
			return err
		}
		if i := num.FirstNotFinite(buf); i >= 0 {
			return fmt.Errorf("sample %d is not finite", pos+i)
		}
	}
	return nil
}

func (c *checker) checkHits() error {
	hits, err := c.set.Hits()
	for _, h := range hits {
		if _, ok := c.hits[h.ID]; !ok {
			c.hits[h.ID] = h
		}
	}
	seen := map[string]bool{}
	for i, h := range hits {
		where := fmt.Sprintf("%s:%d", HitsFile, i+1)
		if seen[h.ID] {
			c.add(where, "hit %s is listed twice", h.ID)
		}
		seen[h.ID] = true
		c.checkHit(where, h)
	}
	return c.manifest(HitsFile, err)
}

// checkPlace says why a hit cannot lie in a recording.
func (h Hit) checkPlace(r Recording) error {
	switch {
	case h.Start < 0 || h.Start > h.Onset || h.Onset >= h.End || h.End > r.Samples:
		return fmt.Errorf("start %d, onset %d, end %d do not follow each other in %d samples", h.Start, h.Onset, h.End, r.Samples)
	case r.Rate.D(h.Len()) >= MaxHit:
		return fmt.Errorf("%d samples are not below %v", h.Len(), MaxHit)
	}
	return nil
}

func (c *checker) checkHit(where string, h Hit) {
	r, ok := c.recordings[h.Recording]
	if c.removed[h.Recording] {
		return // it goes when segment runs again
	}
	if !ok {
		c.add(where, "hit %s is of recording %q, which is not listed", h.ID, h.Recording)
		return
	}
	if err := h.checkPlace(r); err != nil {
		c.add(where, "hit %s: %v", h.ID, err)
	}
	if h.Offset <= h.Onset || h.Offset > h.End {
		c.add(where, "hit %s: offset %d is not between onset %d and end %d", h.ID, h.Offset, h.Onset, h.End)
	}
	if h.Mark < NoMark || h.Mark > r.MarkLimit() {
		c.add(where, "hit %s: mark %d is not in %d samples", h.ID, h.Mark, r.Samples)
	}
	for _, v := range []float64{h.PeakDB, h.RMSDB, h.SNRDB, h.Confidence} {
		if !num.Finite(v) {
			c.add(where, "hit %s: a level is not finite", h.ID)
		}
	}
	if h.Parent == "" {
		if want := HitID(h.Recording, h.Onset); h.ID != want {
			c.add(where, "hit %s: its ID should be %s", h.ID, want)
		}
		return
	}
	if p, ok := c.hits[h.Parent]; !ok {
		c.add(where, "copy %s: its parent %s is not listed", h.ID, h.Parent)
	} else if p.Recording != h.Recording {
		c.add(where, "copy %s lies in another recording than its parent", h.ID)
	}
}

func (c *checker) checkLabels() error {
	second, err := c.set.SecondFiles()
	for _, file := range append([]string{LabelsFile}, second...) {
		err = errors.Join(err, c.checkJournal(file))
	}
	return err
}

func (c *checker) checkJournal(file string) error {
	labels, err := ReadJournal[Label](c.set.Path(file))
	for i, l := range labels {
		where := fmt.Sprintf("%s:%d", file, i+1)
		r, ok := c.recordings[l.Recording]
		switch {
		case c.removed[l.Recording]: // it waits for the recording to come back
		case !ok:
			c.add(where, "label of recording %q, which is not listed", l.Recording)
		case l.Onset < 0 || l.Onset > r.MarkLimit():
			c.add(where, "label at sample %d of %d", l.Onset, r.Samples)
		case l.End != 0 && (l.End < l.Onset || l.End > r.Samples):
			c.add(where, "label from sample %d to %d of %d", l.Onset, l.End, r.Samples)
		case l.By != ByHuman && l.By != ByImport && l.By != ByModel:
			c.add(where, "label by %q: must be %s, %s or %s", l.By, ByHuman, ByImport, ByModel)
		case l.Time != "" && !isTime(l.Time):
			c.add(where, "label of time %q: must be RFC 3339", l.Time)
		}
	}
	return c.manifest(file, err)
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

func (c *checker) checkPatches() error {
	kinds, err := c.set.PatchKinds()
	for _, kind := range kinds {
		if err := c.checkKind(kind); err != nil {
			c.add("features/"+kind, "%s", c.inSet(err))
		}
	}
	return err
}

func (c *checker) checkKind(kind string) error {
	p, err := c.set.Patches(kind)
	if err != nil {
		return err
	}
	defer p.Close()
	values := make([]float32, p.Size())
	seen := map[string]bool{}
	for i, hit := range p.Hits {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		where := fmt.Sprintf("features/%s.jsonl:%d", kind, i+1)
		if _, ok := c.hits[hit]; !ok {
			c.add(where, "hit %s is not listed", hit)
		}
		if seen[hit] {
			c.add(where, "hit %s has a row already", hit)
		}
		seen[hit] = true
		if err := p.Read(i, values); err != nil {
			return err
		}
		if j := num.FirstNotFinite(values); j >= 0 {
			c.add("features/"+kind+".npy", "row %d: value %d is not finite", i, j)
		}
	}
	return nil
}

// checkBundles compares the files that were written together: patches, models.
// Pictures may be drawn one by one; what the stage drew, its record has.
func (c *checker) checkBundles() error {
	bundles, err := c.set.bundles()
	for _, b := range bundles {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		wrong, err := b.Check()
		if err != nil {
			return err
		}
		for _, p := range wrong {
			where, err := filepath.Rel(c.set.dir, filepath.Join(b.dir, p.Where))
			if err != nil {
				return err
			}
			c.add(filepath.ToSlash(where), "%s", c.inSet(errors.New(p.What)))
		}
	}
	return err
}

// bundles returns the bundles of patches and of models that have a manifest.
func (s *Set) bundles() (all []Bundle, err error) {
	folders := []string{s.Path("features")}
	models, err := disk.ReadDir(s.Path("models"))
	for _, m := range models {
		folders = append(folders, s.Path("models", m.Name()))
	}
	for _, dir := range folders {
		files, err := disk.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return nil, err
		}
		for _, f := range files {
			if name, ok := strings.CutSuffix(f.Name(), manifestExt); ok {
				all = append(all, BundleIn(dir, name))
			}
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return all, err
}

// checkLeftovers reports what a killed run left, unless a writer is at work,
// whose files they may be.
func (c *checker) checkLeftovers() error {
	left, err := c.set.leftovers()
	if err != nil || len(left) == 0 || c.set.IsWritten() {
		return err
	}
	for _, name := range left {
		if _, err := os.Lstat(c.set.Path(name)); err == nil { // no writer has finished it since
			what := "left over by a run that was killed; the next run removes it"
			if _, complete := pendingBundle(name); complete {
				what = "complete, but its run was killed before it was in place; prep reads it from here, and the next run puts it there"
			}
			c.add(filepath.ToSlash(name), "%s", what)
		}
	}
	return nil
}
