package gallery

import (
	"cmp"
	"context"
	"io"
	"slices"

	"prep/data"
	"prep/plots"
	"prep/segment"
)

// worstShown is how many recordings are drawn: those with the lowest F at 50 ms.
const worstShown = 6

// functionDrawn bounds the values of a detection function in a picture, of at most eight lines of
// two thousand points: a recording may be half a day long.
const functionDrawn = 1 << 15

// DrawOnsets draws the recordings that were detected worst, and returns the
// paths of the pictures.
func DrawOnsets(ctx context.Context, set *data.Set, c segment.Config, e segment.Evaluation) (paths []string, err error) {
	worst := slices.Clone(e.Recordings)
	slices.SortStableFunc(worst, func(a, b segment.RecordingScores) int {
		return cmp.Compare(a.Tolerances[0].F, b.Tolerances[0].F)
	})
	for _, r := range worst[:min(len(worst), worstShown)] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name := "onsets-" + data.FileName(r.Recording) + ".png"
		err := set.WriteFile("plots/"+name, func(w io.Writer) error { return drawOnsets(w, set, c, r) })
		if err != nil {
			return nil, err
		}
		paths = append(paths, set.Path("plots", name))
	}
	return paths, nil
}

func drawOnsets(w io.Writer, set *data.Set, c segment.Config, r segment.RecordingScores) error {
	audio, err := set.Audio(r.ID)
	if err != nil {
		return err
	}
	defer audio.Close()
	fn, err := c.Function(audio, functionDrawn)
	if err != nil {
		return err
	}
	v := plots.OnsetsView{Name: r.Recording, Audio: audio, Hop: fn.Hop, Reference: r.Annotated, Found: r.Detected}
	v.Tolerance = audio.SampleRate().N(c.Tolerance)
	v.Pairs, v.F = r.Match(v.Tolerance)
	for _, x := range fn.Values {
		v.Strength = append(v.Strength, float32(x))
	}
	return plots.Onsets(w, v)
}
