package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"prep/data"
	"prep/train"
)

// Arm is one variant, its settings resolved.
type Arm struct {
	Settings Settings
	Train    train.Config
	Net      Family
	// Recipe is all that the patches depend on besides recordings, hits and
	// labels; it marshals to JSON. In and Grid are their shape and grid.
	Recipe any
	In     train.Shape
	Grid   Grid
	// Err says why there can be no such patches.
	Err error
}

// Prepare makes an arm's copies and patches in a variant of the set that has
// the original hits only.
type Prepare func(ctx context.Context, variant *data.Set, a Arm) error

// arm is an Arm that was worked out.
type arm struct {
	Arm
	name        string
	net         train.Net
	description train.Description
	reason      string // why it is left out; "" when it is not
}

// newArm works an arm out for a number of classes.
func newArm(a Arm, classes int) arm {
	w := arm{Arm: a, name: a.Settings.Name()}
	err := a.Err
	if err == nil {
		w.net, err = a.Net.network(a.Train, a.In, a.Grid)
	}
	if err == nil {
		w.description, err = w.net.Describe(a.In, classes)
	}
	if err != nil {
		w.reason = err.Error()
	}
	return w
}

// job is one cross-validation of one arm with one seed.
type job struct {
	arm   *arm
	seed  int // counted from 0
	study train.Study
	key   string
}

// job returns a job of an arm. Its key is the hash of all that its result
// depends on.
func (s *Sweep) job(a *arm, seed int, study train.Study) job {
	j := job{arm: a, seed: seed, study: study}
	j.key = hash(struct {
		Edition       int
		Kernels, Data string
		Recipe        any
		Config        train.Config
		Study         train.Study
	}{train.Edition, train.Kernels(), s.digest, a.Recipe, j.config(), study})
	return j
}

// config returns what the job trains.
func (j job) config() train.Config {
	c := j.arm.Train
	c.Net, c.Layers = "arm", j.arm.net.Layers
	c.Name = "sweep-" + j.key
	c.Seed += uint64(j.seed)
	return c
}

// hash returns 32 hexadecimal digits of the SHA-256 of v's JSON.
func hash(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sweep: %v", err)) // configurations are plain values
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// kernel returns the size of the first convolution's kernels, zero without one.
func (a *arm) kernel() train.Size {
	for _, l := range a.net.Layers {
		if l.Type == "conv" {
			return l.Kernel
		}
	}
	return train.Size{}
}
