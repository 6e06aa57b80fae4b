package data

// Step is a moment of a running stage.
type Step struct {
	Stage       string // "ingest", "train: fold 2 of 5"
	Done, Total int    // items; Total 0 when it is not known
	Note        string // a word on the current item: "epoch 3, loss 0.41"
}

// Progress receives the steps of a stage, from one goroutine at a time. A nil
// Progress is silent.
type Progress func(Step)

// Report sends s to p unless p is nil.
func (p Progress) Report(s Step) {
	if p != nil {
		p(s)
	}
}

// Skip is an item that a stage left out, and why: one line, no newline.
type Skip struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
}

// Summary is what a stage did. It is printed and kept in runs/<stage>.json.
type Summary struct {
	Stage string `json:"stage"`
	// Shard is "i/n" where only a part of the stage was done, else "".
	Shard string `json:"shard,omitempty"`
	// Unchanged is true when inputs and configuration were those of the last
	// run and nothing was done.
	Unchanged bool `json:"unchanged"`
	// Because says why a stage that had run before was run again, or is "".
	Because string `json:"because,omitempty"`
	// Counts are named totals: {"recordings": 115, "hits": 1635}.
	Counts map[string]int `json:"counts"`
	// Skips are the items left out, with their reasons, in input order.
	Skips []Skip `json:"skips"`
	// Notes are further sentences for the user, without units lost.
	Notes []string `json:"notes,omitempty"`
}
