// Package duplicate finds hits of different groups that are copies of one
// sound: a file taken in twice under other names, a take that was re-encoded,
// trimmed or made louder, a sample used by two people. Where one copy is
// learnt from and the other tested on, the test is of memory.
package duplicate
