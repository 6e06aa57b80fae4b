package desk

import (
	"slices"

	"prep/data"
)

// moves is where people moved moments to, from one to the next.
type moves struct {
	to   map[data.Moment]data.Moment
	from map[data.Moment][]data.Moment // the way back
}

// edge is an entry of moves.to; to is nil where there is none.
type edge struct {
	from data.Moment
	to   *data.Moment
}

func newMoves() moves {
	return moves{map[data.Moment]data.Moment{}, map[data.Moment][]data.Moment{}}
}

// set makes an entry as e says, and returns what it was.
func (v moves) set(e edge) (was edge) {
	was.from = e.from
	if to, ok := v.to[e.from]; ok {
		was.to = &to
		delete(v.to, e.from)
		v.from[to] = slices.DeleteFunc(v.from[to], func(m data.Moment) bool { return m == e.from })
	}
	if e.to != nil {
		v.to[e.from] = *e.to
		v.from[*e.to] = append(v.from[*e.to], e.from)
	}
	return was
}

// restore makes entries as they were, the last first.
func (v moves) restore(edges []edge) {
	for _, e := range slices.Backward(edges) {
		v.set(e)
	}
}

// follow returns where a moment was moved to in the end, and whether it was.
// It ends: a moment that becomes the end of a move loses its own.
func (v moves) follow(m data.Moment) (data.Moment, bool) {
	to, ok := v.to[m]
	for was := ok; was; {
		m = to
		to, was = v.to[m]
	}
	return m, ok
}

// origin returns where what is at a moment was before all moves.
func (v moves) origin(m data.Moment) data.Moment {
	for seen := 0; len(v.from[m]) > 0 && seen <= len(v.to); seen++ {
		m = v.from[m][0]
	}
	return m
}

// addChain adds to a set a moment and all that moves lead to it or from it, and returns those that
// are new there.
func (v moves) addChain(set map[data.Moment]bool, m data.Moment) (added []data.Moment) {
	if set[m] {
		return nil
	}
	set[m] = true
	added = append(added, m)
	if to, ok := v.to[m]; ok {
		added = append(added, v.addChain(set, to)...)
	}
	for _, from := range v.from[m] {
		added = append(added, v.addChain(set, from)...)
	}
	return added
}
