package augment_test

import (
	"fmt"
	"slices"

	"prep/augment"
	"prep/data"
	"prep/data/corpus"
	"prep/segment"
)

// A copy is a line that says what is done to its parent; its audio is made when
// it is asked for. This one has half the level.
func ExampleRenderer_Render() {
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 1, 1, 1
	for take := range corpus.Generate(made) {
		hits, err := segment.Default().Hits(take.Clip)
		if err != nil {
			fmt.Println(err)
			return
		}
		parent, copy := hits[0], hits[0]
		copy.Parent, copy.Lineage = parent.ID, []data.Transform{{Name: "gain", Amounts: map[string]float64{"gain_db": -6.0206}}}
		loudest := slices.Max(take.Clip.Samples[parent.Start:parent.End])
		err = augment.Renderer{}.Render(take.Clip, parent, copy, func(r data.Reader, h data.Hit) error {
			x := make([]float32, h.Len())
			if err := r.ReadAt(x, h.Start); err != nil {
				return err
			}
			fmt.Printf("%.2f of the parent's peak, as long as it: %v\n", slices.Max(x)/loudest, h.Len() == parent.Len())
			return nil
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	// Output: 0.50 of the parent's peak, as long as it: true
}
