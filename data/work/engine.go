package work

import "prep/data"

// Engine does stages on a set.
type Engine struct {
	Set      *data.Set
	Progress data.Progress // nil is silent
	Mode     Mode          // nil does all of a stage, here and now
}

// Mode is how stages are done other than all at once: a Shard does a part of
// each, a *Plan only notes what would be done. Merge has a mode of its own.
type Mode interface{ mode() }

func (Shard) mode()  {}
func (*Plan) mode()  {}
func (*parts) mode() {}

// On returns the engine that does all of a stage on a set.
func On(set *data.Set, p data.Progress) Engine { return Engine{Set: set, Progress: p} }
