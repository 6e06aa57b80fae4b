package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"gorgonia.org/gorgonia"

	"prep/train/conv"
)

// Where the learned values of a pcen layer begin: at what a search on half of VOPEC's performers chose
// for patches of magnitudes (docs/answers.md), librosa's values with a smoothing of 60 ms, 83 frames,
// taken to energies, their squares.
const (
	pcenGain      = 0.98
	pcenBias      = 2 * 2
	pcenPower     = 0.5 / 2
	pcenSmoothing = 1. / 83
)

// The parts of a pcen layer's blobs, bands x channels: what is learned (gain, bias and power as natural
// logarithms, smoothing as a logit), and what takes patches back to energies, in nepers.
const (
	partGain      = "gain"
	partPower     = "power"
	partSmoothing = "smoothing"
	partScale     = "scale"
)

// readsEnergies reports whether n begins with a pcen layer.
func (n Net) readsEnergies() bool { return n.Layers[0].Type == layerPCEN }

// addPCEN appends the blobs of a pcen layer that reads patches of the given shape.
func (w *weights) addPCEN(name func(part string) string, in Shape) {
	values := in.Bands * in.Channels
	w.trained = append(w.trained,
		constant(name(partGain), values, float32(math.Log(pcenGain))), constant(name(partBias), values, float32(math.Log(pcenBias))),
		constant(name(partPower), values, float32(math.Log(pcenPower))),
		constant(name(partSmoothing), values, float32(math.Log(pcenSmoothing/(1-pcenSmoothing)))))
	w.stats = append(w.stats, constant(name(partMean), values, 0), constant(name(partScale), values, 1))
}

// nepers takes decibels of power to natural logarithms.
const nepers = math.Ln10 / 10

// setLevels has the pcen layer of n, if there is one, take back what norm does to patches.
func (w weights) setLevels(n Net, norm Normalization, in Shape) {
	if !n.readsEnergies() {
		return
	}
	for i := range w.stats[0].Data {
		from := i%in.Channels*in.Bands + i/in.Channels
		w.stats[0].Data[i], w.stats[1].Data[i] = nepers*norm.Mean[from], nepers*norm.Scale[from]
	}
}

// pcen builds the layer.
func (b *builder) pcen(x *gorgonia.Node) (*gorgonia.Node, error) {
	gain, bias := b.take()
	power, smoothing := b.take()
	levels := conv.Levels{Mean: b.w.stats[0].Data, Scale: b.w.stats[1].Data}
	b.norms++ // whose statistics come behind the levels
	return conv.PCEN(x, gain, bias, power, smoothing, levels)
}

// checkEnergies fails unless patches of a recipe are what a network that begins with pcen reads:
// decibels.
func checkEnergies(recipe json.RawMessage) error {
	var r struct {
		Channels []struct{ Kind, Unit string }
	}
	if err := json.Unmarshal(recipe, &r); err != nil || len(r.Channels) == 0 {
		return errors.Join(errors.New("pcen: the recipe of the patches does not say what they are in"), err)
	}
	for _, c := range r.Channels {
		if !strings.HasPrefix(c.Unit, "dB") {
			return fmt.Errorf("pcen: the network takes energies from decibels, and %s patches are in %s: train it on mel or linear patches, with a ref", c.Kind, c.Unit)
		}
	}
	return nil
}

// pcen writes the layer: the smoothing as a product with the weights of earlier frames.
func (o *onnxWriter) pcen(i int) {
	s := o.shape
	curve := func(part string, of func(float64) float64) []float32 { // channels x bands
		values := make([]float32, s.Channels*s.Bands)
		for j, v := range o.blob(i, part).Data {
			values[j%s.Channels*s.Bands+j/s.Channels] = float32(of(float64(v)))
		}
		return values
	}
	constant := func(name string, data []float32, shape ...int) []string {
		return []string{o.initializer(blob{Name: name, Shape: shape, Data: data})}
	}
	perBand := []int{1, s.Channels, s.Bands, 1}
	same := func(v float64) float64 { return v }
	bias := curve(partBias, math.Exp)
	power := curve(partPower, math.Exp)
	rest := make([]float32, len(bias))
	for j := range rest {
		rest[j] = float32(math.Pow(float64(bias[j]), float64(power[j])))
	}
	past, start := pastWeights(curve(partSmoothing, func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }), s.Frames)

	o.node("Mul", constant("pcen.scale", curve(partScale, same), perBand...))
	o.node("Add", constant("pcen.mean", curve(partMean, same), perBand...))
	o.node("Exp", nil)
	energies := o.at
	o.node("ReduceMean", nil, intsAttribute("axes", 2, 3), intAttribute("keepdims", 1))
	o.node("Mul", constant("pcen.start", start, 1, s.Channels, s.Bands, s.Frames))
	begun := o.at
	o.at = energies
	o.node("Unsqueeze", []string{o.integers(3)})
	o.node("MatMul", constant("pcen.past", past, s.Channels, s.Bands, s.Frames, s.Frames))
	o.node("Squeeze", []string{o.integers(3)})
	o.node("Add", []string{begun})
	o.node("Add", constant("pcen.epsilon", []float32{conv.PCENEpsilon}, 1))
	o.node("Pow", constant("pcen.gain", curve(partGain, func(v float64) float64 { return -math.Exp(v) }), perBand...))
	o.node("Mul", []string{energies})
	o.node("Add", constant("pcen.bias", bias, perBand...))
	o.node("Pow", constant("pcen.power", power, perBand...))
	o.node("Sub", constant("pcen.rest", rest, perBand...))
}

// pastWeights returns what each frame's energy has in the level behind another, channels x bands x frames x
// frames, and what the level before the first has, channels x bands x frames.
func pastWeights(smoothing []float32, frames int) (past, start []float32) {
	past, start = make([]float32, len(smoothing)*frames*frames), make([]float32, len(smoothing)*frames)
	for row, s := range smoothing {
		for t := range frames {
			start[row*frames+t] = float32(math.Pow(1-float64(s), float64(t+1)))
			for from := range t + 1 {
				past[(row*frames+from)*frames+t] = float32(float64(s) * math.Pow(1-float64(s), float64(t-from)))
			}
		}
	}
	return past, start
}
