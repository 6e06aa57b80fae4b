package features_test

import (
	"fmt"

	"prep/data/corpus"
	"prep/features"
	"prep/segment"
)

// A hit becomes a patch: rows are bands, the lowest first, columns are frames
// around the onset. Its recipe says what they stand for.
func ExampleExtractor_Patch() {
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 1, 1, 1
	for take := range corpus.Generate(made) {
		hits, err := segment.Default().Hits(take.Clip)
		if err != nil {
			fmt.Println(err)
			return
		}
		mel, err := features.New(features.Default(), take.Clip.Rate)
		if err != nil {
			fmt.Println(err)
			return
		}
		p, err := mel.Patch(take.Clip, hits[0])
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d bands x %d frames, %d values\n", p.Bands, p.Frames, len(p.Values))
		c := mel.Recipe().Channels[0]
		fmt.Printf("%s: %s, bands from %.0f to %.0f Hz\n", c.Kind, c.Unit, c.RowHz[0], c.RowHz[len(c.RowHz)-1])
	}
	// Output:
	// 64 bands x 64 frames, 4096 values
	// mel: dB re the patch's peak, bands from 62 to 20694 Hz
}
