// Package export hands a set to other tools: one WAV file a hit with a
// metadata.csv, as the Hugging Face audiofolder loader wants it, and one NumPy
// archive of patches and labels.
package export
