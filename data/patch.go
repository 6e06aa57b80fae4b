package data

// Patch is one time-frequency picture: Bands x Frames, row-major float32, row
// 0 the lowest frequency. Stacked kinds are Channels such planes in a row.
type Patch struct {
	Hit                     string
	Channels, Bands, Frames int
	Values                  []float32 // len Channels * Bands * Frames
}

// At returns the value of channel c, band b, frame f.
func (p Patch) At(c, b, f int) float32 {
	return p.Values[(c*p.Bands+b)*p.Frames+f]
}
