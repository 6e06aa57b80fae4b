// Package duplicate finds what is in two groups of a set at once: sounds and
// people. A sound is a file taken in twice under other names, a take that was
// re-encoded, trimmed or made louder, a sample used by two people; a person is
// there under two names. Where one of the two is learnt from and the other tested
// on, the test is of memory.
package duplicate
