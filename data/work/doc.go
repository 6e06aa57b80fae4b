// Package work is the engine that does the stages of a set: it maps a stage's
// items on all processors, does a shard of them where there are many machines,
// merges the shards, plans without doing, and keeps in runs/<stage>.json what
// was done, so that nothing is done twice.
//
// # When a result is stale
//
// A stage's last run stands while four things are as its record says: the
// editions of the code, the configuration, the inputs and the outputs, files by
// their SHA-256. An edition is a number that a package declares and raises when
// the same input and configuration come to give other values; a golden test of
// each package fails when its values change and its edition does not (see
// data/datatest). The version of the program says nothing of it.
package work
