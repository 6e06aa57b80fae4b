package data

import "time"

// Who can say a label. A human outranks an import, an import a model; among
// equals the last line of the journal wins.
const (
	ByHuman  = "human"
	ByImport = "import"
	ByModel  = "model"
)

// What a person's label says of its moment.
const (
	// MomentPlaced is a moment that the person put there or confirmed: an onset,
	// whatever a detector finds.
	MomentPlaced = "placed"
	// MomentAnnotated is a moment that came with the label from elsewhere, as
	// an import's does: near an onset, early or late in its own way.
	MomentAnnotated = "annotated"
)

// Label is one line of labels.jsonl: a statement about a moment of a recording.
type Label struct {
	Recording string `json:"recording"`
	// Onset is the moment, in samples of the set's rate.
	Onset int `json:"onset"`
	// End is where the statement says that the sound ends, or 0.
	End int `json:"end"`
	// Class is the name of the class. Empty takes back what the same voice
	// said before about this moment.
	Class string `json:"class"`
	// Reject says that this moment is no hit worth keeping.
	Reject bool `json:"reject"`
	// By is ByHuman, ByImport or ByModel; Who names the person or the model.
	By  string `json:"by"`
	Who string `json:"who"`
	// Moment is MomentPlaced, MomentAnnotated, or "" where the label names a hit
	// that was found at the moment: then it says nothing about when the hit is.
	Moment string `json:"moment"`
	// From is the moment that a placed one was moved from, or 0.
	From int `json:"from"`
	// Time is RFC 3339 and set on human labels only.
	Time string `json:"time"`
	// Act names the act of the labelling page that wrote the line, so that one that is
	// sent again, because its answer was lost, is done once.
	Act string `json:"act"`
	// Undoes, on the lines of an undo, is the Time of those that it takes back.
	Undoes string `json:"undoes"`
	// Unsure and Note are a person's remark on the hit, whatever it is called. A line that
	// changes them alone repeats what was said of the moment before, so that it says nothing new.
	Unsure bool   `json:"unsure"`
	Note   string `json:"note"`
}

// MostShift is how early or late the marks of a whole recording may be, and be understood yet: VOPEC's
// regions start up to 120 ms before their sounds. So a mark may lie behind the end.
const MostShift = 150 * time.Millisecond

// Annotates reports whether the label's moment is annotation: a person or an
// import said when the sound is, and not only what it is.
func (l Label) Annotates() bool { return l.By == ByImport || l.Moment != "" }

// rank orders the voices that can say a label.
func (l Label) rank() int {
	switch l.By {
	case ByHuman:
		return 2
	case ByImport:
		return 1
	}
	return 0
}
