package desk

import (
	"slices"
	"strings"

	"prep/data"
)

// journal is labels.jsonl read as the actions of people.
type journal struct {
	lines map[string][]data.Label    // of each recording, as written
	where map[data.Moment][]int      // the lines about each moment: indices into those of its recording
	human map[data.Moment]data.Label // the last human line of each moment
	moved moves
	acts  map[string]bool // that the lines are of
	done  []action        // what undo can take back, last on top
	// named are the moments that people named or rejected, statements how often they did.
	named      map[data.Moment]bool
	statements int
}

// action is one thing a person did.
type action struct {
	time    string
	act     string                     // its ID
	touched []data.Moment              // in order, each once
	before  map[data.Moment]data.Label // the last human line before it, if any
	edges   []edge                     // of journal.moved, as they were before it
}

func momentOf(l data.Label) data.Moment { return data.Moment{Recording: l.Recording, Onset: l.Onset} }

// states reports whether a line says something, rather than takes back.
func states(l data.Label) bool { return l.Class != "" || l.Reject }

// readJournal reads lines into actions.
func readJournal(lines []data.Label) *journal {
	j := &journal{lines: map[string][]data.Label{}, where: map[data.Moment][]int{}, human: map[data.Moment]data.Label{},
		moved: newMoves(), acts: map[string]bool{}, named: map[data.Moment]bool{}}
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && sameAction(lines[0], lines[n]) {
			n++
		}
		j.absorb(lines[:n])
		lines = lines[n:]
	}
	return j
}

func sameAction(a, b data.Label) bool {
	return a.By == data.ByHuman && b.By == data.ByHuman && a.Time != "" && a.Time == b.Time
}

// at returns the lines about one moment.
func (j *journal) at(m data.Moment) (lines []data.Label) {
	for _, i := range j.where[m] {
		lines = append(lines, j.lines[m.Recording][i])
	}
	return lines
}

// standing returns the line that stands at a moment, if there is one.
func (j *journal) standing(m data.Moment) (data.Label, bool) {
	l, ok := data.Standing(j.at(m))[m]
	return l, ok
}

// absorb takes in the lines of one action, or one line of an import or a
// model. An undo takes the last action off the pile. Undo does not reach behind
// a human line without Time, which another program wrote.
func (j *journal) absorb(lines []data.Label) {
	for _, l := range lines {
		j.where[momentOf(l)] = append(j.where[momentOf(l)], len(j.lines[l.Recording]))
		j.lines[l.Recording] = append(j.lines[l.Recording], l)
		if l.Act != "" {
			j.acts[l.Act] = true
		}
	}
	if lines[0].By != data.ByHuman {
		return
	}
	a := action{time: lines[0].Time, act: lines[0].Act, before: map[data.Moment]data.Label{}}
	for _, l := range lines {
		m := momentOf(l)
		if _, again := a.before[m]; !again {
			a.touched = append(a.touched, m)
			a.before[m] = j.human[m]
		}
		if states(l) && !sameName(l, j.human[m]) {
			j.named[m] = true
			j.statements++
		}
		j.human[m] = l
	}
	if a.time == "" {
		j.done = nil
		return
	}
	undone := func(d action) bool { return lines[0].Undoes != "" && lines[0].Undoes == d.time }
	if i := slices.IndexFunc(j.done, undone); i >= 0 {
		j.moved.restore(j.done[i].edges)
		j.done = slices.Delete(j.done, i, i+1)
		return
	}
	j.relocate(&a, lines)
	j.done = append(j.done, a)
}

// sameName reports whether b says what a says, but for a remark.
func sameName(a, b data.Label) bool {
	a.Unsure, a.Note = b.Unsure, b.Note
	return states(b) && sameWord(a, b)
}

// sameWord reports whether two lines leave a moment in the same state.
func sameWord(a, b data.Label) bool {
	if a.Unsure != b.Unsure || a.Note != b.Note {
		return false
	}
	if !states(a) || !states(b) {
		return states(a) == states(b)
	}
	return a.Class == b.Class && a.Reject == b.Reject && a.End == b.End && a.Who == b.Who
}

// relocate notes which moments an action moved: a statement with silence at
// another moment of the recording right behind it.
func (j *journal) relocate(a *action, lines []data.Label) {
	for i, l := range lines {
		if l.Class == "" {
			continue
		}
		to := momentOf(l)
		a.edges = append(a.edges, j.moved.set(edge{to, nil}))
		if i+1 < len(lines) && lines[i+1].Class == "" && lines[i+1].Recording == l.Recording {
			a.edges = append(a.edges, j.moved.set(edge{momentOf(lines[i+1]), &to}))
		}
	}
}

// undo returns the lines that take back the last action that is not of others, without their
// Time, and the ID of the act that it was. It refuses when there is none, and when something was said since of a moment that it
// is about.
func (j *journal) undo(others map[string]bool) (lines []data.Label, act string, err error) {
	last := len(j.done) - 1
	for last >= 0 && others[asker(j.done[last].act)] {
		last--
	}
	if last < 0 {
		return nil, "", refuse(Conflict, "nothing to undo")
	}
	a := j.done[last]
	for _, later := range j.done[last+1:] {
		for _, m := range a.touched {
			if _, since := later.before[m]; since {
				return nil, "", refuse(Conflict, "another tab has said something of this hit since: undo it there first")
			}
		}
	}
	for _, m := range slices.Backward(a.touched) {
		before := a.before[m]
		if now := j.human[m]; !states(before) || before.Who != now.Who {
			lines = append(lines, data.Label{Recording: m.Recording, Onset: m.Onset, By: data.ByHuman, Who: now.Who,
				Unsure: before.Unsure, Note: before.Note})
		}
		if states(before) {
			before.Act = ""
			lines = append(lines, before)
		}
	}
	for i := range lines {
		lines[i].Undoes = a.time
	}
	return lines, a.act, nil
}

// asker returns who asked for an act: what its ID has before the last slash.
func asker(act string) string {
	if i := strings.LastIndexByte(act, '/'); i >= 0 {
		return act[:i]
	}
	return ""
}
