package data

// provenance is what a journal tells of moments beyond their own lines.
type provenance struct {
	imported map[Moment]bool
	from     map[Moment]int // where a person moved a moment from
}

// provenanceOf reads which moments imports have spoken of, and which a person
// moved: a statement with silence at another moment of the recording right
// behind it, in one action.
func provenanceOf(journal []Label) provenance {
	p := provenance{map[Moment]bool{}, map[Moment]int{}}
	for i, l := range journal {
		at := Moment{l.Recording, l.Onset}
		switch {
		case l.By == ByImport:
			p.imported[at] = true
		case l.Moment == MomentPlaced && l.From > 0:
			p.from[at] = l.From
		case i > 0 && l.moves(journal[i-1]):
			p.from[Moment{l.Recording, journal[i-1].Onset}] = l.Onset
		}
	}
	return p
}

// moves reports whether l is the silence that a move leaves behind the
// statement before it.
func (l Label) moves(before Label) bool {
	return l.By == ByHuman && before.By == ByHuman && l.Class == "" && before.Class != "" && l.Undoes == "" &&
		l.Time != "" && l.Time == before.Time && l.Recording == before.Recording && l.Onset != before.Onset
}

// complete says of a person's label what its moment is, where the label does
// not. From is where the hit was found in the beginning.
func (p provenance) complete(l *Label) {
	at := Moment{l.Recording, l.Onset}
	if l.By != ByHuman {
		return
	}
	if from, moved := p.from[at]; moved && (l.Moment == "" || l.Moment == MomentPlaced) {
		l.Moment, l.From = MomentPlaced, from
		for range len(p.from) {
			earlier, moved := p.from[Moment{l.Recording, l.From}]
			if !moved || earlier == l.Onset {
				break
			}
			l.From = earlier
		}
	}
	if l.Moment == "" && p.imported[at] {
		l.Moment = MomentAnnotated
	}
}
