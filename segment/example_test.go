package segment_test

import (
	"fmt"

	"prep/data/corpus"
	"prep/segment"
)

// The hits of a recording, beside where they truly begin: a hit is a span of
// the recording, and nothing is cut.
func ExampleConfig_Hits() {
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 1, 1, 4
	for take := range corpus.Generate(made) {
		hits, err := segment.Default().Hits(take.Clip)
		if err != nil {
			fmt.Println(err)
			return
		}
		for i, h := range hits {
			off := h.Onset - take.Truth[i].Onset
			fmt.Printf("%s: within 2 ms %v, shorter than 50 ms %v\n", take.Truth[i].Class,
				take.Clip.Rate.D(max(off, -off)).Milliseconds() < 2, take.Clip.Rate.D(h.Len()).Milliseconds() < 50)
		}
	}
	// Output:
	// kick: within 2 ms true, shorter than 50 ms true
	// hat-closed: within 2 ms true, shorter than 50 ms true
	// rimshot: within 2 ms true, shorter than 50 ms true
	// click: within 2 ms true, shorter than 50 ms true
}

// How well a detector did: each onset counts once, within a distance.
func ExampleCompare() {
	annotated, found := []float64{0.100, 0.500, 0.900}, []float64{0.1003, 0.512, 0.700}
	for _, t := range segment.Compare(annotated, found).Scores().Tolerances {
		fmt.Printf("within %g ms: precision %.2f, recall %.2f, F %.2f\n", t.Ms, t.Precision, t.Recall, t.F)
	}
	// Output:
	// within 50 ms: precision 0.67, recall 0.67, F 0.67
	// within 25 ms: precision 0.67, recall 0.67, F 0.67
	// within 10 ms: precision 0.33, recall 0.33, F 0.33
	// within 5 ms: precision 0.33, recall 0.33, F 0.33
	// within 2 ms: precision 0.33, recall 0.33, F 0.33
}
