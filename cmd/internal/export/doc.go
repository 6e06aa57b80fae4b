// Package export hands a set to other tools: one WAV file a hit with a
// metadata.csv, as the Hugging Face audiofolder loader wants it; one NumPy
// archive of patches or samples and labels; Parquet files with the sound in
// them; and a table with a row a hit. All but the table hold the same hits, and
// all have the same splits.
package export
