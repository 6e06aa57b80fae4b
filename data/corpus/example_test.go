package corpus_test

import (
	"fmt"

	"prep/data/corpus"
)

func ExampleGenerate() {
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 7
	for take := range corpus.Generate(c) {
		fmt.Println(take.Name, take.Voice, len(take.Truth), take.Clip.Rate)
	}
	// Output:
	// voice-01/take-1 voice-01 7 44100
	// voice-02/take-1 voice-02 7 44100
}
