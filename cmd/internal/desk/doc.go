// Package desk labels the hits of a set. It joins hits.jsonl with the journal
// labels.jsonl, and everything that a person does becomes lines of that journal,
// synced before it counts as saved. It takes in label files of other programs,
// writes such files, and says how far two people agree.
//
// # How actions are written
//
// A line speaks about a moment. An action is one append: one or more human
// lines that bear the same Time, which no other action has. So a journal can be
// read back into actions, and undo reaches through restarts. An undo appends
// what was said before and rewrites nothing; its lines name the Time that they
// undo.
//
//	name      the class, at the hit's moment (for many hits: many lines)
//	reject    Reject, at the hit's moment
//	move      the class at the new moment, then silence at the old one
//	add       the class at a new moment; splitting is adding inside a hit
//	merge     silence at the later moment, then the class, with the later one's
//	          End, at the earlier
//	delete    silence
//	undo      what was said before at each moment, last line first
//
// Silence is a line that takes back, where only people have spoken; where an
// import stands at the moment it is a Reject, which outranks the import and
// outlives the next `prep ingest`. In a move the statement comes first, so that
// an append cut short leaves a label too many and never one too few.
//
// hits.jsonl is segment's. A moved hit is shown where it was moved to, and is
// there for training once `prep segment` has run.
package desk
