package gates

// Accuracy is a share that is demanded: of people who are held out or, where Shots is above
// 0, of their other hits once so many of each class are given.
type Accuracy struct {
	Shots   int     `yaml:"shots"`
	AtLeast float64 `yaml:"at_least"`
}

// UnmarshalYAML reads a share, or shots and at_least.
func (a *Accuracy) UnmarshalYAML(read func(any) error) error {
	if read(&a.AtLeast) == nil {
		return nil
	}
	type plain Accuracy
	return read((*plain)(a))
}

// MarshalYAML writes what UnmarshalYAML reads.
func (a Accuracy) MarshalYAML() (any, error) {
	if a.Shots == 0 {
		return a.AtLeast, nil
	}
	type plain Accuracy
	return plain(a), nil
}
