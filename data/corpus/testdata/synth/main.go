// Command synth writes synthetic recordings with their labels, for .ci/slurm
// and for the scale table of docs/cluster:
//
//	go run ./data/corpus/testdata/synth -hits 100000 DIR
//
// It writes as many corpora of ten voices, one seed after the other, as the
// hits need: DIR/seed-1/voice-01/take-1.wav.
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"

	"prep/data/corpus"
)

func main() {
	hits := flag.Int("hits", corpusHits(corpus.Default()), "hits to synthesize; the next whole number of takes is made")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: synth [-hits N] DIR")
	}
	for seed := uint64(1); *hits > 0; seed++ {
		c := corpus.Default()
		c.Seed = seed
		for take := range corpus.Generate(c) {
			if *hits <= 0 {
				break
			}
			if err := take.Write(filepath.Join(flag.Arg(0), fmt.Sprint("seed-", seed))); err != nil {
				log.Fatal(err)
			}
			*hits -= len(take.Truth)
		}
	}
}

func corpusHits(c corpus.Config) int { return c.Voices * c.TakesPerVoice * c.HitsPerTake }
