package ingest

import "io"

func openFLAC(r io.ReaderAt, off, size int64) (*Audio, error) {
	return nil, &UnsupportedError{Codec: "FLAC"}
}
func openOgg(r io.ReaderAt, size int64) (*Audio, error) { return nil, &UnsupportedError{Codec: "Ogg"} }
func openAIFF(r io.ReaderAt, size int64) (*Audio, error) {
	return nil, &UnsupportedError{Codec: "AIFF"}
}
