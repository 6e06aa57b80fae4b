// Package augment makes varied copies of hits: louder, shifted, higher, longer,
// in noise, in rooms, through other microphones.
//
// A copy is a line of hits.jsonl, not audio: it names its parent, the
// transforms with their amounts (its lineage) and a seed. Render makes its
// audio from the parent's recording, before the hit is cut, so that what
// sounds before and after the hit is transformed with it. Lineage and seed
// give the same samples always.
//
// A copy has its parent's class and its parent's group, and lives where its
// parent lives. Copies serve training only: whoever evaluates leaves them out.
package augment
