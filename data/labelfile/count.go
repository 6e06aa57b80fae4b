package labelfile

import (
	"strings"

	"prep/data"
)

// tally counts what is told once a file.
type tally struct {
	kinds []tallied
	index map[string]int
}

// tallied is a sentence with %s for the number of things.
type tallied struct {
	sentence, what string
	n              int
}

// maxTallied bounds how many sentences a file can make.
const maxTallied = 50

// add counts n more of what a sentence is about.
func (t *tally) add(sentence, what string, n int) {
	if n == 0 {
		return
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[sentence]
	if !ok {
		if len(t.kinds) == maxTallied {
			sentence, what = "left out: %s of other kinds", "thing"
			if i, ok = t.index[sentence]; ok {
				t.kinds[i].n += n
				return
			}
		}
		i = len(t.kinds)
		t.index[sentence] = i
		t.kinds = append(t.kinds, tallied{sentence, what, 0})
	}
	t.kinds[i].n += n
}

// notes returns the sentences, in the order in which they first came up.
func (t *tally) notes() (all []string) {
	for _, k := range t.kinds {
		all = append(all, strings.Replace(k.sentence, "%s", data.Counted(k.n, k.what), 1))
	}
	return all
}
