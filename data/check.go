package data

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// MaxHit is the length that every hit stays below.
const MaxHit = 50 * time.Millisecond

// Problem is something wrong with a set: where (a file and, in manifests, the
// line) and what.
type Problem struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

// Check reads all of the set and returns what is wrong with it, in the order
// of the files and lines. The error is of a disk that cannot be read.
func (s *Set) Check() ([]Problem, error) {
	c := checker{set: s, recordings: map[string]Recording{}, hits: map[string]Hit{}}
	for _, part := range []func() error{c.checkRecordings, c.checkHits, c.checkLabels, c.checkPatches, c.checkLeftovers} {
		if err := part(); err != nil {
			return c.problems, err
		}
	}
	return c.problems, nil
}

type checker struct {
	set        *Set
	recordings map[string]Recording
	hits       map[string]Hit
	problems   []Problem
}

func (c *checker) add(where, format string, args ...any) {
	c.problems = append(c.problems, Problem{where, fmt.Sprintf(format, args...)})
}

// manifest reports a manifest that does not parse as a problem; a disk that
// fails stays an error.
func (c *checker) manifest(file string, err error) error {
	var path *fs.PathError
	if err == nil || errors.As(err, &path) {
		return err
	}
	c.add(file, "%s", strings.TrimPrefix(err.Error(), c.set.Path()+string(filepath.Separator)))
	return nil
}

func (c *checker) checkRecordings() error {
	recordings, err := c.set.Recordings()
	names := map[string]bool{}
	for i, r := range recordings {
		where := fmt.Sprintf("%s:%d", RecordingsFile, i+1)
		if _, ok := c.recordings[r.ID]; ok {
			c.add(where, "recording %s is listed twice", r.ID)
		}
		if names[r.Name] {
			c.add(where, "the name %q is listed twice", r.Name)
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
	if r.Rate <= 0 {
		c.add(where, "rate %d of %s: must be above 0", r.Rate, r.Name)
	}
	if a.rate != r.Rate || a.n != r.Samples {
		c.add(where, "audio of %s has %d samples at %d Hz, listed are %d at %d", r.Name, a.n, a.rate, r.Samples, r.Rate)
	}
	buf := make([]float32, 1<<15)
	for pos := 0; pos < a.n; pos += len(buf) {
		if err := a.ReadAt(buf, pos); err != nil {
			c.add(where, "audio of %s: %v", r.Name, err)
			return
		}
		if i := notFinite(buf); i >= 0 {
			c.add(where, "audio of %s: sample %d is not finite", r.Name, pos+i)
			return
		}
	}
}

// notFinite returns the index of the first value that is NaN or infinite, or -1.
func notFinite(v []float32) int {
	for i, x := range v {
		if x-x != 0 {
			return i
		}
	}
	return -1
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

// within says why a hit cannot lie in a recording.
func (h Hit) within(r Recording) error {
	switch {
	case r.Rate <= 0:
		return fmt.Errorf("its recording has a rate of %d", r.Rate)
	case h.Start < 0 || h.Start > h.Onset || h.Onset >= h.End || h.End > r.Samples:
		return fmt.Errorf("start %d, onset %d, end %d do not follow each other in %d samples", h.Start, h.Onset, h.End, r.Samples)
	case r.Rate.D(h.Len()) >= MaxHit:
		return fmt.Errorf("%d samples are not below %v", h.Len(), MaxHit)
	}
	return nil
}

func (c *checker) checkHit(where string, h Hit) {
	r, ok := c.recordings[h.Recording]
	if !ok {
		c.add(where, "hit %s is of recording %q, which is not listed", h.ID, h.Recording)
		return
	}
	if err := h.within(r); err != nil {
		c.add(where, "hit %s: %v", h.ID, err)
	}
	for _, v := range []float64{h.PeakDB, h.RMSDB, h.SNRDB, h.Confidence} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
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
	labels, err := c.set.Labels()
	for i, l := range labels {
		where := fmt.Sprintf("%s:%d", LabelsFile, i+1)
		r, ok := c.recordings[l.Recording]
		switch {
		case !ok:
			c.add(where, "label of recording %q, which is not listed", l.Recording)
		case l.Onset < 0 || l.Onset > r.Samples:
			c.add(where, "label at sample %d of %d", l.Onset, r.Samples)
		case l.By != ByHuman && l.By != ByImport && l.By != ByModel:
			c.add(where, "label by %q: must be %s, %s or %s", l.By, ByHuman, ByImport, ByModel)
		}
	}
	return c.manifest(LabelsFile, err)
}

func (c *checker) checkPatches() error {
	recipes, err := filepath.Glob(c.set.Path("features", "*.json"))
	for _, path := range recipes {
		kind := strings.TrimSuffix(filepath.Base(path), ".json")
		if err := c.checkKind(kind); err != nil {
			c.add("features/"+kind, "%v", err)
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
	for i, hit := range p.Hits {
		if _, ok := c.hits[hit]; !ok {
			c.add(fmt.Sprintf("features/%s.jsonl:%d", kind, i+1), "hit %s is not listed", hit)
		}
		if err := p.Read(i, values); err != nil {
			return err
		}
		if j := notFinite(values); j >= 0 {
			c.add("features/"+kind+".npy", "row %d: value %d is not finite", i, j)
		}
	}
	return nil
}

func (c *checker) checkLeftovers() error {
	return filepath.WalkDir(c.set.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil // swept by a writer meanwhile
		}
		if err == nil && strings.HasSuffix(path, tmpSuffix) {
			name, _ := filepath.Rel(c.set.dir, path)
			c.add(filepath.ToSlash(name), "left over by a run that was killed; the next run removes it")
		}
		return err
	})
}
