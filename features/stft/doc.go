// Package stft is the ground under every spectrum in prep: a float32 FFT of
// real input with precomputed tables, windows, and framing.
//
//	s := stft.New(stft.Hann(512), 512, 32)
//	dst := make([]float32, frames*s.Bins())
//	err := s.Read(dst, reader, start, frames) // power, frames x bins
//
// A plan owns its scratch memory: one goroutine at a time uses it, and the
// others take a Clone, which shares the tables. Nothing allocates after New.
package stft
