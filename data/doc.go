// Package data holds what flows between the stages of prep and the set on
// disk that keeps it: rates, clips, recordings, hits, labels, patches, splits
// and the directory that opens, validates, reads and writes all of these.
//
// A position is an int, in samples of the set's rate, and a span [Start, End)
// is half-open. Durations are time.Duration and occur only in configuration.
// Package data imports none of the stages; every stage imports it.
package data

// Version of the program. Results do not depend on it: see prep/data/work.
const Version = "0.2.0"
