// Package features turns hits into patches: small time-frequency pictures,
// bands x frames, row-major float32, row 0 the lowest frequency.
//
// The kinds are linear, mel, mfcc, pcen, cqt, vqt and modulation, each in a
// file with its formula and source; "mel+pcen" stacks kinds as channels.
// Conventions and parameter names are librosa's (McFee et al., librosa: Audio
// and Music Signal Analysis in Python, SciPy 2015), and the tests hold the
// values to librosa 0.11.
//
// # Where a patch lies
//
// Frame t of a patch stands for the moment onset - pre_roll + t*hop. The patch
// is placed by the onset, not by the hit's start, which gives way to a
// preceding hit and to the recording's edge: so the attack is in the same
// column of every patch. A centred frame (the default) looks half a window to
// either side of its moment; one that is not centred begins there.
//
// The samples are those of the recording, also before and after the hit: a
// frame's context is what the microphone heard. Beyond the recording's edges
// there are zeros. Frames past the hit's end may therefore hold the next
// attack; Run counts them, and with mask on they count as silence.
//
// A run over a set and a patch on its own give the same bytes, whatever the
// number of workers.
package features
