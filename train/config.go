package train

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
)

// The learning rate's schedules.
const (
	scheduleCosine = "cosine" // half a cosine from learning_rate to 0 over epochs
	scheduleStep   = "step"   // a tenth after half of the epochs, a hundredth after three quarters
)

// Config is the section "train" of prep.yaml.
type Config struct {
	// Name is the model's: models/<name>/. Letters, digits, '.', '_' and '-'.
	Name string `yaml:"name" json:"name"`
	// Features is the kind of patches to learn from.
	Features string `yaml:"features" json:"features"`
	// Net is a preset's name or a YAML file; Layers, if given, describe the
	// network here and Net only names it.
	Net    string  `yaml:"net" json:"net"`
	Layers []Layer `yaml:"layers,omitempty" json:"layers,omitempty"`
	// Folds is the number of folds that groups are dealt to, or as many as there are
	// groups; 0 leaves one group out at a time. Of one group the takes are dealt.
	Folds int `yaml:"folds" json:"folds"`
	// Leaky deals hits instead of groups, so that the same person is on both
	// sides. Its accuracy says nothing about new people.
	Leaky bool `yaml:"leaky" json:"leaky"`
	// Epochs is the most a fold is trained for; Patience how many epochs in a row
	// that validate worse than the best end it.
	Epochs   int `yaml:"epochs" json:"epochs"`
	Patience int `yaml:"patience" json:"patience"`
	// Batch is the number of patches a step.
	Batch int `yaml:"batch" json:"batch"`
	// LearningRate is Adam's first step size; 0 chooses 3e-3 for a network with
	// batch norm and 3e-4 for one without, whose first steps overshoot at more.
	LearningRate float64 `yaml:"learning_rate" json:"learning_rate"`
	Schedule     string  `yaml:"schedule" json:"schedule"` // cosine or step
	// WeightDecay is AdamW's: the share of a kernel that a step takes off, times
	// the learning rate.
	WeightDecay float64 `yaml:"weight_decay" json:"weight_decay"`
	// LabelSmoothing is the share of a target spread over all classes (Szegedy
	// et al., "Rethinking the Inception Architecture", 2016, section 7).
	LabelSmoothing float64 `yaml:"label_smoothing" json:"label_smoothing"`
	// Mixup is alpha of the Beta distribution that pairs of patches are mixed
	// by (Zhang et al., "mixup", ICLR 2018); 0 does not mix.
	Mixup float64 `yaml:"mixup" json:"mixup"`
	// BalanceClasses makes every class count the same, however many hits it has.
	BalanceClasses bool   `yaml:"balance_classes" json:"balance_classes"`
	Jitter         Jitter `yaml:"jitter" json:"jitter"`
	// Shots are numbers of hits of each class that held-out people are given to see what
	// their own hits are worth, rising; none measures nothing.
	Shots []int  `yaml:"shots" json:"shots,omitempty"`
	Seed  uint64 `yaml:"seed" json:"seed"`
}

// Default returns the settings that docs/results.md's figures were made with:
// preset compact on mel patches, five folds.
func Default() Config {
	return Config{
		Name: "compact", Features: "mel", Net: "compact", Folds: 5,
		Epochs: 30, Patience: 10, Batch: 32, Schedule: scheduleCosine,
		WeightDecay: 0.05, LabelSmoothing: 0.05,
		Jitter: Jitter{TimeShift: 3, BandShift: 2, TimeMask: 8, BandMask: 8, Gain: 0.3, Tilt: 0.3},
		Seed:   1,
	}
}

var modelName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// Validate says which setting is out of range, and what is allowed.
func (c Config) Validate() error {
	positive := func(name string, v float64) error {
		if !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("%s is %g: want more than 0", name, v)
		}
		return nil
	}
	from := func(name string, v, lo, hi float64) error {
		if !(v >= lo && v <= hi) {
			return fmt.Errorf("%s is %g: want %g to %g", name, v, lo, hi)
		}
		return nil
	}
	var name, folds, schedule error
	if !modelName.MatchString(c.Name) {
		name = fmt.Errorf("name is %q: want letters, digits, '.', '_' and '-', not beginning with '.' or '-'", c.Name)
	}
	if c.Folds < 0 || c.Folds == 1 {
		folds = fmt.Errorf("folds is %d: want at least 2, or 0 to leave one group out at a time", c.Folds)
	}
	if c.Schedule != scheduleCosine && c.Schedule != scheduleStep {
		schedule = fmt.Errorf("schedule is %q: want cosine or step", c.Schedule)
	}
	var shots error
	for i, n := range c.Shots {
		if n < 0 || n > 1000 || i > 0 && n <= c.Shots[i-1] {
			shots = fmt.Errorf("shots is %v: want rising numbers from 0 to 1000, such as 0,3,5,10,20", c.Shots)
		}
	}
	if len(c.Shots) > 0 && c.Leaky {
		shots = errors.New("shots are given to people who are held out: not with leaky")
	}
	return cmp.Or(name, folds, schedule, shots,
		positive("epochs", float64(c.Epochs)), positive("patience", float64(c.Patience)),
		from("batch", float64(c.Batch), 1, 4096), from("learning_rate", c.LearningRate, 0, 10),
		from("weight_decay", c.WeightDecay, 0, 1), from("label_smoothing", c.LabelSmoothing, 0, 0.5),
		from("mixup", c.Mixup, 0, 10), c.Jitter.validate())
}

// Network returns the network that c describes: its layers, or a preset or file.
func (c Config) Network() (Net, error) {
	if len(c.Layers) > 0 {
		n := Net{c.Layers}
		return n, n.validate()
	}
	return openNet(c.Net)
}

// The learning rates of networks with batch norm and without. At ten times the
// second, the seed network's loss rose to 29 before it fell (VOPEC, batch 32).
const (
	normedRate = 3e-3
	plainRate  = 3e-4
)

// chooseRate settles a learning rate that was left to the network.
func (c *Config) chooseRate(n Net) {
	if c.LearningRate > 0 {
		return
	}
	c.LearningRate = plainRate
	for _, l := range n.Layers {
		if l.Type == layerNorm {
			c.LearningRate = normedRate
		}
	}
}

// rate returns the learning rate when the given share of the epochs is done.
func (c Config) rate(done float64) float64 {
	if c.Schedule == scheduleCosine {
		return c.LearningRate * (1 + math.Cos(math.Pi*min(done, 1))) / 2
	}
	switch {
	case done < 0.5:
		return c.LearningRate
	case done < 0.75:
		return c.LearningRate / 10
	}
	return c.LearningRate / 100
}
