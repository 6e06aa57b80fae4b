// Package decode turns the bytes of a recording into samples: WAV, AIFF, FLAC,
// MP3 and Ogg Vorbis files, and raw PCM as it comes in. Samples are exact: an
// MP3 begins where what was encoded began.
//
// What a file is, its content decides, not its name. Nothing is allocated for
// what a header merely claims, and a decoder that panics has met a broken file.
package decode
