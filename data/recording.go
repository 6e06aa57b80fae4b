package data

// Recording is one source file as it came into the set: a line of
// recordings.jsonl. Its audio is audio/<ID>.wav at the set's rate.
type Recording struct {
	// ID is the first 16 hexadecimal digits of the SHA-256 of the source bytes.
	ID string `json:"id"`
	// Name is the path below the ingested root, with forward slashes.
	Name string `json:"name"`
	// Aliases are further names under which the same bytes were found.
	Aliases []string `json:"aliases"`
	// Group is who or which session was recorded; splits are made of groups.
	Group string `json:"group"`
	// Class is the label of the whole recording (its folder), or "".
	Class string `json:"class"`
	// Rate and Samples describe the canonical audio in the set.
	Rate    Rate `json:"rate"`
	Samples int  `json:"samples"`
	// AudioCRC32C is the AudioWriter's Sum of the canonical audio.
	AudioCRC32C string `json:"audio_crc32c"`
	// Edition is that of ingest, which made the audio; 0 is that of prep 0.1.0.
	Edition int `json:"edition"`
	// Channel is what was asked for of its channels; "" is their mean.
	Channel string `json:"channel"`
	// Codec, SourceRate, Channels and SourceFrames describe the source file.
	Codec        string `json:"codec"`
	SourceRate   Rate   `json:"source_rate"`
	Channels     int    `json:"channels"`
	SourceFrames int    `json:"source_frames"`
	// AlignmentUnknown is true when the source does not say how many samples
	// its encoder put in front (an MP3 without a LAME tag).
	AlignmentUnknown bool `json:"alignment_unknown"`
	// Meta is what a table of recordings says of it beyond group and class: its
	// licence, author, device, date.
	Meta map[string]string `json:"meta"`
	// Note says what was odd but not fatal about the source: "truncated: ...".
	Note string `json:"note"`
}

// MarkLimit is the sample before which marks of the recording lie: its end, or behind it by as much
// as marks may be late.
func (r Recording) MarkLimit() int { return r.Samples + r.Rate.N(MostShift) }
