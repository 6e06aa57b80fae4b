// Package ingest brings recordings into a set: it finds audio files, decodes
// them sample-exactly, mixes them to mono, resamples them to the set's rate and
// imports the labels that lie beside them.
//
// What a file is, its content decides, not its name. A file that cannot be
// taken is skipped with the reason; the rest go on.
package ingest
