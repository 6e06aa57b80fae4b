package ingest

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"prep/data"
	"prep/data/work"
)

// Remove takes recordings out of a set, or with back puts them back: by whom and when is in
// removed.jsonl. Names are recordings' names, IDs or, of several, the group that they are of. Their audio and labels
// stay, and nothing of other recordings changes. It fails, and changes nothing, where a name means no
// recording or several, or where the name of one that is to come back is taken. A run that was killed is
// completed by the same call.
func Remove(set *data.Set, names []string, back bool, who, time string) (data.Summary, error) {
	sum := data.Summary{Stage: "remove", Counts: map[string]int{}, Skips: []data.Skip{}}
	listed, err := set.Recordings()
	if err != nil {
		return sum, err
	}
	last, err := set.Removals()
	if err != nil {
		return sum, err
	}
	from := listed
	if back {
		from = nil
		for _, r := range last {
			if !has(listed, r.Recording.ID) {
				from = append(from, r.Recording)
			}
		}
	}
	chosen, err := choose(from, names, back)
	if err != nil {
		return sum, err
	}
	if back {
		if err := namesAreFree(chosen, listed); err != nil {
			return sum, err
		}
	}
	var lines []data.Removal
	for _, r := range chosen {
		said := func(l data.Removal) bool { return l.Recording.ID == r.ID && l.Back == back }
		if !slices.ContainsFunc(last, said) { // else a run was killed behind this line
			lines = append(lines, data.Removal{Recording: r, Back: back, Who: who, Time: time})
		}
	}
	if len(lines) == 0 {
		return settle(set, sum, chosen, back)
	}
	if err := set.AppendRemovals(lines...); err != nil {
		return sum, err
	}
	return settle(set, sum, chosen, back)
}

// settle lists what the journal of removals leaves.
func settle(set *data.Set, sum data.Summary, chosen []data.Recording, back bool) (data.Summary, error) {
	err := work.Rewrite(set, stage, func() (map[string]int, error) {
		listed, err := set.Recordings()
		if err != nil {
			return nil, err
		}
		if back {
			listed = append(listed, chosen...)
			slices.SortFunc(listed, func(a, b data.Recording) int { return cmp.Compare(a.Name, b.Name) })
		}
		out, err := set.Removed()
		if err != nil {
			return nil, err
		}
		listed = slices.DeleteFunc(listed, func(r data.Recording) bool { return has(out, r.ID) })
		groups := map[string]bool{}
		for _, r := range listed {
			groups[r.Group] = true
		}
		sum.Counts["recordings left"], sum.Counts["removed"] = len(listed), len(out)
		return map[string]int{"recordings": len(listed), "groups": len(groups)}, set.WriteRecordings(listed)
	})
	for _, r := range chosen {
		sum.Notes = append(sum.Notes, map[bool]string{false: "removed ", true: "back: "}[back]+r.Name)
	}
	if !back {
		sum.Notes = append(sum.Notes, "audio and labels are kept: `prep remove --undo` brings a recording back with all that was said of it")
	}
	return sum, err
}

func has(recordings []data.Recording, id string) bool {
	return slices.ContainsFunc(recordings, func(r data.Recording) bool { return r.ID == id })
}

// choose returns the recordings that names mean.
func choose(from []data.Recording, names []string, back bool) (chosen []data.Recording, err error) {
	for _, name := range names {
		found := meant(from, name)
		if len(found) > 1 && found[0].Group != name {
			return nil, fmt.Errorf("remove: %q may be %s or %s: give the whole name or the ID", name, found[0].Name, found[1].Name)
		}
		if len(found) == 0 {
			what := "the set has no recording and no group of this name; `prep status` lists groups, recordings.jsonl recordings"
			if back {
				what = "no recording of this name was removed; removed.jsonl lists those that were"
			}
			return nil, fmt.Errorf("remove: %q: %s", name, what)
		}
		for _, r := range found {
			if !has(chosen, r.ID) {
				chosen = append(chosen, r)
			}
		}
	}
	return chosen, nil
}

// meant returns the recordings of a name: by ID or whole name, else by that without its folders or
// its extension, else those of the group.
func meant(from []data.Recording, name string) (found []data.Recording) {
	for _, is := range []func(data.Recording) bool{
		func(r data.Recording) bool { return r.ID == name || r.Name == name || slices.Contains(r.Aliases, name) },
		func(r data.Recording) bool {
			return path.Base(r.Name) == name || strings.TrimSuffix(r.Name, path.Ext(r.Name)) == name
		},
		func(r data.Recording) bool { return r.Group == name },
	} {
		for _, r := range from {
			if is(r) {
				found = append(found, r)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// namesAreFree fails where another recording has the name of one that is to come back.
func namesAreFree(chosen, listed []data.Recording) error {
	for _, r := range chosen {
		if slices.ContainsFunc(listed, func(l data.Recording) bool { return l.Name == r.Name }) {
			return fmt.Errorf("remove: another recording is called %s now: remove that one first", r.Name)
		}
	}
	return nil
}

// staying returns the takes that were not removed from the set, and counts the others.
func (in *intake) staying(takes []take) []take {
	stay := slices.DeleteFunc(slices.Clone(takes), func(t take) bool { return has(in.removed, t.id) })
	if n := len(takes) - len(stay); n > 0 {
		in.sum.Counts["removed"] = n
	}
	return stay
}

// takeLike matches what recorders and editors call takes, in lower case: "new recording 3".
var takeLike = regexp.MustCompile(`^(new|fixed|personal|untitled|unnamed|edit|edited|copy|final|test|raw|rec|record|recording|recordings|audio|voice[ _-]memos?|memo|memos|` +
	`file|files|clip|clips|take|takes|track|tracks|sample|samples|wav|mp3|m4a|mic)([ _-]+(reco?|recording|memo|note|file|take|track))?[ _.()-]*[0-9]*[)]?$`)

// OddGroups says of groups what makes one doubt that they are people or sessions: each has one
// recording, or is called as recorders and editors call takes.
func OddGroups(recordings []data.Recording) (notes []string) {
	groups, odd := map[string]int{}, []string{}
	for _, r := range recordings {
		if groups[r.Group]++; groups[r.Group] == 1 && takeLike.MatchString(strings.ToLower(r.Group)) {
			odd = append(odd, fmt.Sprintf("%q", r.Group))
		}
	}
	if n := len(groups); n > 1 && n == len(recordings) {
		notes = append(notes, "every recording is a group of its own: no accuracy will say anything of people or sessions; name them with --group-from")
	} else if len(odd) > 0 {
		notes = append(notes, fmt.Sprintf("groups that are called as takes are, not as people: %s; if they are not who was recorded, say who with --group-from or --meta", firstOf(odd)))
	}
	return notes
}
