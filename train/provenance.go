package train

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"prep/data"
	"prep/data/work"
	"prep/train/tensors"
)

// Provenance says how a report came about: enough to make it again.
type Provenance struct {
	Version string `json:"version"` // of the program
	// Command makes it again. What was typed is not kept: it names folders of one machine.
	Command string `json:"command"`
	// Stages are the runs from recordings to patches, as far as the set knows them, and the
	// training, last.
	Stages []work.Origin `json:"stages"`
	// Weights is the SHA-256 of the weights.
	Weights string `json:"weights"`
}

const againCommand = "prep run --from report.json --set DIR RECORDINGS"

// provenanceOf returns the provenance of what a job on a set makes, but for its weights.
func provenanceOf(set *data.Set, job work.Job) (*Provenance, error) {
	job.Outputs = nil
	stages, err := work.Origins(set, job)
	return &Provenance{Version: data.Version, Command: againCommand, Stages: stages}, err
}

// Training returns the run of the training itself.
func (p *Provenance) Training() work.Origin { return p.Stages[len(p.Stages)-1] }

// settings returns what the training was run with.
func (p *Provenance) settings() (s settings, err error) {
	err = json.Unmarshal(p.Training().Config, &s)
	return s, err
}

// Config returns the configuration that a report's training had. It fails where that names a network
// that is not here, or is another one here.
func (p *Provenance) Config() (Config, error) {
	s, err := p.settings()
	if err == nil {
		err = s.Config.Validate()
	}
	if err != nil {
		return s.Config, fmt.Errorf("the settings of its training: %w", err)
	}
	n, err := s.Config.Network()
	if err != nil {
		return s.Config, err
	}
	was, err := json.Marshal(s.Net)
	is, _ := json.Marshal(n)
	if err == nil && string(was) != string(is) {
		err = fmt.Errorf("net %s: it has other layers here than the report's", s.Config.Net)
	}
	return s.Config, err
}

// KernelPath returns the path of the kernels that trained: bits are the same on the same one only.
func (p *Provenance) KernelPath() string {
	s, _ := p.settings()
	return s.Path
}

// weigh notes the digest of the weights.
func (p *Provenance) weigh(blobs []blob) error {
	h := sha256.New()
	err := tensors.Write(h, blobs, nil)
	p.Weights = hex.EncodeToString(h.Sum(nil))
	return err
}

// words tells of the provenance in a sentence of the method.
func (p *Provenance) words() string {
	s, err := p.settings()
	if err != nil {
		return ""
	}
	in := p.Training().Inputs
	return fmt.Sprintf(" Made by prep %s (kernels %s), seed %d; SHA-256 of %s begins with %.12s, of %s with %.12s, of %s with %.12s.",
		p.Version, s.Path, s.Config.Seed, data.RecordingsFile, in[data.RecordingsFile], data.LabelsFile, in[data.LabelsFile], data.HitsFile, in[data.HitsFile])
}

// maxReport bounds a report that is read by itself, in bytes.
const maxReport = 1 << 26

// ReadPublished reads a report.json that lies anywhere. It fails where that does not say how it was
// made.
func ReadPublished(path string) (r Report, err error) {
	raw, err := data.ReadRegular(path, maxReport)
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("%s: no such file; want a model's report.json", path)
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("%s: no report of prep, or damaged: %w", path, err)
	}
	switch p := r.Provenance; {
	case r.Personal != nil:
		return r, fmt.Errorf("%s: of a person's own model, which `prep adapt` makes again", path)
	case p == nil && r.Protocol == "":
		return r, fmt.Errorf("%s: no report of a training", path)
	case p == nil || len(p.Stages) == 0:
		return r, fmt.Errorf("%s: of a version of prep whose reports did not say how they were made; train anew", path)
	}
	return r, nil
}

// Trace returns the provenance that a training on a set would have now, without weights.
func Trace(set *data.Set, c Config) (*Provenance, error) {
	job, _, err := c.planned()
	if err != nil {
		return nil, err
	}
	return provenanceOf(set, job)
}
