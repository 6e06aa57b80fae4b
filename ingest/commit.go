package ingest

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"prep/data"
	"prep/data/work"
)

// commit writes what the takes amount to: labels first, then recordings, the
// record of the run last. Where nothing is new it only says so.
func (in *intake) commit(takes []take) error {
	recordings := in.recordings(takes)
	news, err := in.labels(takes, recordings)
	if err != nil {
		return err
	}
	in.count(recordings)
	job := in.done(takes)
	why, err := in.why(job, recordings, news)
	if err != nil {
		return err
	}
	if in.fresh == 0 && why == "" {
		in.sum.Unchanged = true
		return in.forget()
	}
	if len(news) > 0 {
		if err := in.set.AppendLabels(news...); err != nil {
			return err
		}
	}
	if err := in.set.WriteRecordings(recordings); err != nil {
		return err
	}
	if err := in.forget(); err != nil {
		return err
	}
	return work.Record(in.set, job, in.sum)
}

// why says what the files change in the set besides new audio, or "".
func (in *intake) why(job work.Job, recordings []data.Recording, news []data.Label) (string, error) {
	same, err := work.Recorded(in.set, job)
	switch {
	case len(news) > 0:
		return fmt.Sprintf("%d labels are new or different", len(news)), err
	case !reflect.DeepEqual(recordings, in.old):
		return "names, groups or classes have changed", err
	case !same:
		return "files or settings are others than those of its last run", err
	}
	return "", err
}

// forget removes the partial record.
func (in *intake) forget() error {
	err := os.Remove(in.set.Path(filepath.FromSlash(partialName)))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

func (in *intake) count(recordings []data.Recording) {
	groups := map[string]bool{}
	aliases := 0
	for _, r := range recordings {
		groups[r.Group] = true
		aliases += len(r.Aliases)
	}
	in.sum.Counts["recordings"], in.sum.Counts["groups"] = len(recordings), len(groups)
	in.sum.Counts["aliases"], in.sum.Counts["ignored"] = aliases, len(in.found.passed)
}

// recordings merges what the set had with what was taken, in order of names.
func (in *intake) recordings(takes []take) []data.Recording {
	byID := map[string][]take{}
	for _, t := range takes {
		byID[t.id] = append(byID[t.id], t)
	}
	n := &naming{used: map[string]string{}, earlier: map[string]data.Recording{}}
	var all []data.Recording
	for _, r := range in.old {
		n.earlier[r.ID] = r
		if byID[r.ID] != nil {
			continue
		}
		if _, ok := in.facts[r.ID]; !ok {
			in.note("%s: its audio is gone from the set and its file is not among the paths: left out", r.Name)
			continue
		}
		n.keep(r)
		all = append(all, r)
	}
	firsts := firstOfEach(takes)
	groups := joined{}
	for _, t := range firsts {
		n.name(t.id, byID[t.id])
		groups.join(byID[t.id])
	}
	for _, t := range firsts {
		all = append(all, in.recording(n, byID[t.id], groups))
	}
	for i, r := range all {
		all[i].Group = groups.of(r.Group)
	}
	slices.SortFunc(all, func(a, b data.Recording) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// joined are groups that are one, because a recording lies in both: each is
// another's, and that one comes before it by name.
type joined map[string]string

// of returns the group that a group is part of, or itself.
func (j joined) of(group string) string {
	for j[group] != "" {
		group = j[group]
	}
	return group
}

// join makes one of the groups of takes of one content.
func (j joined) join(takes []take) {
	for _, t := range takes[1:] {
		a, b := j.of(takes[0].group), j.of(t.group)
		if a != b {
			j[max(a, b)] = min(a, b)
		}
	}
}

// recording returns what the takes of one content amount to.
func (in *intake) recording(n *naming, takes []take, groups joined) data.Recording {
	first := takes[0]
	r := in.facts[first.id]
	names := n.all(first.id)
	r.Name, r.Aliases = names[0], names[1:]
	if len(r.Aliases) == 0 {
		r.Aliases = nil
	}
	r.Group, r.Class = first.group, first.class
	in.noteMove(n.earlier[r.ID], takes)
	if r.Name != first.name {
		in.note("%s: another recording has this name; this one is kept as %s", first.name, r.Name)
	}
	for _, t := range takes[1:] {
		if t.group != first.group {
			in.note("%s (group %s) and %s (group %s) have the same bytes: one recording, and one group, %s",
				first.name, first.group, t.name, t.group, groups.of(first.group))
		}
		if t.class != first.class {
			in.note("%s (class %s) and %s (class %s) have the same bytes: one recording, of class %s",
				first.name, first.class, t.name, t.class, first.class)
		}
	}
	return r
}

// noteMove says that a recording was in another group, under a name that none of
// its takes has.
func (in *intake) noteMove(was data.Recording, takes []take) {
	first := takes[0]
	if was.ID == "" || was.Group == first.group || slices.ContainsFunc(takes, func(t take) bool { return t.name == was.Name }) {
		return
	}
	in.note("%s (group %s) has the bytes of %s, which was of group %s: one recording, of group %s",
		first.name, first.group, was.Name, was.Group, first.group)
}

func (in *intake) note(format string, args ...any) {
	in.sum.Notes = append(in.sum.Notes, oneLine(fmt.Sprintf(format, args...)))
}

// naming gives every name to one content only.
type naming struct {
	used    map[string]string // name to ID
	earlier map[string]data.Recording
	names   map[string][]string // ID to names, the first is the recording's
}

// keep reserves the names of a recording that stays.
func (n *naming) keep(r data.Recording) {
	for _, name := range append([]string{r.Name}, r.Aliases...) {
		n.used[name] = r.ID
	}
}

// name reserves names for a content's takes. One that another content has gets
// the ID in front of its extension.
func (n *naming) name(id string, takes []take) {
	if n.names == nil {
		n.names = map[string][]string{}
	}
	for _, t := range takes {
		name := t.name
		if owner, taken := n.used[name]; taken && owner != id {
			name = stem(name) + "~" + id + ext(name)
		}
		if n.used[name] == "" {
			n.used[name] = id
			n.names[id] = append(n.names[id], name)
		}
	}
}

// all returns a content's names: those of its takes, then, sorted with the
// aliases, those it had before.
func (n *naming) all(id string) []string {
	names := n.names[id]
	if r, ok := n.earlier[id]; ok {
		for _, name := range append([]string{r.Name}, r.Aliases...) {
			if n.used[name] == "" {
				n.used[name] = id
				names = append(names, name)
			}
		}
	}
	slices.Sort(names[1:])
	return names
}

// sidecars are the endings, behind an audio file's stem, of label files, in the
// order in which they are looked for.
var sidecars = inCases(".txt", ".tsv", ".csv", ".TextGrid", ".selections.txt", ".Table.1.selections.txt", ".onsets")

// inCases returns each ending as it is, in lower and in upper case.
func inCases(endings ...string) (all []string) {
	for _, end := range endings {
		all = append(all, end, strings.ToLower(end), strings.ToUpper(end))
	}
	return slices.Compact(all)
}

// maxSidecar bounds a label file: a label a millisecond for an hour is 100 MB,
// one every 20 ms for ten hours 40 MB.
const maxSidecar = 64 << 20

// labels returns the lines to append to the journal, so that it says what the
// label files say: what is new or different, and a taking back of what imports
// said before and no file says any more. A recording without a label file, or
// with one that has faults, has nothing taken back.
func (in *intake) labels(takes []take, recordings []data.Recording) ([]data.Label, error) {
	journal, err := in.set.Labels()
	if err != nil {
		return nil, err
	}
	said := map[string]map[int]data.Label{}
	for m, l := range data.Standing(slices.DeleteFunc(journal, func(l data.Label) bool { return l.By != data.ByImport })) {
		if said[m.Recording] == nil {
			said[m.Recording] = map[int]data.Label{}
		}
		said[m.Recording][m.Onset] = l
	}
	byID := map[string][]take{}
	for _, t := range takes {
		byID[t.id] = append(byID[t.id], t)
	}
	var news []data.Label
	for _, r := range recordings {
		for _, t := range byID[r.ID] {
			says, whole, found := in.sidecar(t, r)
			if found {
				in.sum.Counts["labels"] += len(says)
				news = append(news, differences(r.ID, says, said[r.ID], whole)...)
				break
			}
		}
	}
	return news, nil
}

// differences returns what to append for one recording, by onset.
func differences(id string, says, said map[int]data.Label, whole bool) (news []data.Label) {
	for at, l := range says {
		if said[at] != l {
			news = append(news, l)
		}
	}
	for at := range said {
		if _, ok := says[at]; !ok && whole {
			news = append(news, data.Label{Recording: id, Onset: at, By: data.ByImport})
		}
	}
	slices.SortFunc(news, func(a, b data.Label) int { return a.Onset - b.Onset })
	return news
}

// sidecar reads the label file beside a take: the labels by onset, whether all
// of it could be read, and whether there is one.
func (in *intake) sidecar(t take, r data.Recording) (says map[int]data.Label, whole, found bool) {
	base := strings.TrimSuffix(t.path, ext(t.path))
	for _, end := range sidecars {
		if info, err := os.Stat(base + end); err == nil && info.Mode().IsRegular() {
			delete(in.found.passed, base+end)
			says, whole = in.labelFile(base+end, stem(t.name)+end, r)
			return says, whole, true
		}
	}
	return nil, false, false
}

// labelFile reads a label file: the labels by onset, and whether all of it
// could be read. What could not is reported under name.
func (in *intake) labelFile(path, name string, r data.Recording) (says map[int]data.Label, whole bool) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxSidecar {
		err = fmt.Errorf("a label file of %d bytes; %d are allowed", info.Size(), maxSidecar)
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		in.skip(name, reason(err))
		return nil, false
	}
	marks, faults := parseLabels(b)
	in.report(name, marks, faults)
	return in.place(name, marks, r), len(faults) == 0
}

// LabelStem returns a file's name without the ending by which Run knows label
// files beside recordings; ok is false where it has none.
func LabelStem(name string) (stem string, ok bool) {
	stem = name
	for _, end := range sidecars {
		if s, found := strings.CutSuffix(name, end); found && len(s) < len(stem) {
			stem = s
		}
	}
	return stem, stem != name
}

// LabelFile reads a label file of any kind that Run takes, as statements about
// a recording: the labels by onset, whether all of it could be read, and under
// name what could not.
func (c Config) LabelFile(path, name string, r data.Recording) (says map[int]data.Label, whole bool, skips []data.Skip) {
	in := &intake{c: c, sum: data.Summary{Counts: map[string]int{}}}
	says, whole = in.labelFile(path, name, r)
	return says, whole, in.sum.Skips
}

// maxFaults is how many lines of one file are reported one by one.
const maxFaults = 5

// report says which lines of a label file could not be read.
func (in *intake) report(name string, marks []mark, faults []fault) {
	if len(marks) == 0 && len(faults) > 0 {
		in.skip(name, fmt.Sprintf("no labels in it; line %d: %s", faults[0].line, faults[0].reason))
		return
	}
	for i, f := range faults {
		if i == maxFaults {
			in.skip(name, fmt.Sprintf("%d more lines that are no labels", len(faults)-i))
			return
		}
		in.skip(fmt.Sprintf("%s:%d", name, f.line), f.reason)
	}
}

// place makes labels of marks: samples of the set's rate, classes by their
// aliases. What lies beyond the end, or contradicts an earlier line, is reported.
func (in *intake) place(name string, marks []mark, r data.Recording) map[int]data.Label {
	says := map[int]data.Label{}
	sortMarks(marks)
	for _, m := range marks {
		class, ok := in.c.class(m.class)
		if !ok {
			in.sum.Counts["dropped labels"]++
			continue
		}
		l := data.Label{Recording: r.ID, Onset: samples(m.onset, r.Rate), Class: class, By: data.ByImport}
		if end := min(samples(m.end, r.Rate), r.Samples); end > l.Onset {
			l.End = end
		}
		at := fmt.Sprintf("%s:%d", name, m.line)
		other, taken := says[l.Onset]
		switch {
		case l.Onset >= r.Samples:
			in.skip(at, fmt.Sprintf("%g s lies beyond the end of the recording at %.3f s",
				m.onset, float64(r.Samples)/float64(r.Rate)))
		case !taken:
			says[l.Onset] = l
		case other.Class != l.Class:
			in.skip(at, fmt.Sprintf("%q at a moment that is %q already", l.Class, other.Class))
		}
	}
	return says
}

// samples returns the sample nearest to a time.
func samples(s float64, rate data.Rate) int { return int(s*float64(rate) + 0.5) }
