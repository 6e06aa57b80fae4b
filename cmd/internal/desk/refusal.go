package desk

import "fmt"

// Refusal is the error of an act that was not done, and of what kind it is.
// Nothing was written.
type Refusal struct {
	Kind Kind
	error
}

// Kind is why an act is refused.
type Kind int

// The kinds of refusals.
const (
	Unclear  Kind = iota + 1 // what is asked for is incomplete, or cannot be
	Missing                  // what it is about is not here
	Conflict                 // something stands against it, as things are
)

func refuse(kind Kind, format string, args ...any) error {
	return Refusal{kind, fmt.Errorf(format, args...)}
}
