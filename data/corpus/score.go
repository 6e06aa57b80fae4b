package corpus

import (
	"math/rand/v2"

	"prep/data/num"
)

// note is one hit of a take: where it starts, what it is, how loud.
type note struct {
	onset int // samples
	class string
	gain  float64
}

const (
	leadSeconds = 0.5 // background noise before the first hit
	// closestSeconds is the least distance between onsets: rolls of beatboxers
	// come down to about 60 ms a hit.
	closestSeconds = 0.060
	rollShare      = 0.06 // of the hits start a roll of three
	timingSigma    = 0.006
	// accentDB and looseDB: loudness by metre, and the player's spread.
	accentDB = 4.0
	looseDB  = 1.5
)

// compose draws one take: a tempo near the player's, hits on sixteenths with
// human timing, rolls, accents by metre. Classes are balanced within the take
// and independent of place, distance and loudness, so that none of these
// gives a class away.
func compose(rng *rand.Rand, c Config, tempo float64) []note {
	fs := float64(c.Rate)
	sixteenth := 15 / (tempo * (0.94 + 0.12*rng.Float64()))
	classes := shuffledClasses(rng, c.HitsPerTake)
	notes := make([]note, 0, len(classes))
	grid, at, roll := 0, leadSeconds, 0
	for i, class := range classes {
		if i > 0 {
			gap := step(rng, &roll, &grid) * sixteenth
			if roll > 0 {
				gap = closestSeconds + 0.03*rng.Float64()
			}
			at += max(gap+timingSigma*rng.NormFloat64(), closestSeconds)
		}
		accent := looseDB * clampNormal(rng)
		if grid%4 == 0 {
			accent += accentDB / 2
		} else if grid%2 == 1 {
			accent -= accentDB / 2
		}
		notes = append(notes, note{onset: int(at*fs + 0.5), class: class, gain: num.Amplitude(accent)})
	}
	return notes
}

// step advances the grid and returns by how many sixteenths; roll counts the
// hits that are left of a roll.
func step(rng *rand.Rand, roll, grid *int) float64 {
	if *roll > 0 {
		*roll--
	} else if rng.Float64() < rollShare {
		*roll = 2
	}
	n := 1 + []int{0, 0, 0, 1, 1, 1, 1, 2, 3}[rng.IntN(9)]
	*grid += n
	return float64(n)
}

// shuffledClasses returns n classes in random order, each as often as the
// others, give or take one.
func shuffledClasses(rng *rand.Rand, n int) []string {
	first := rng.IntN(len(Classes))
	classes := make([]string, n)
	for i := range classes {
		classes[i] = Classes[(first+i)%len(Classes)]
	}
	rng.Shuffle(n, func(i, j int) { classes[i], classes[j] = classes[j], classes[i] })
	return classes
}

// clampNormal draws from a standard normal cut at two sigma.
func clampNormal(rng *rand.Rand) float64 {
	return min(max(rng.NormFloat64(), -2), 2)
}
