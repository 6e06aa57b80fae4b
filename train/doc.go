// Package train describes, trains, measures, keeps and applies the networks that
// classify patches.
//
// A Net is a list of layers in YAML; Describe works out its shapes, parameters,
// multiplications and receptive fields. Run trains one on a set: folds of groups
// that are never on two sides of a split, a final model on all of them, and a
// Report whose accuracy always comes with its protocol, its interval over groups
// and the baselines that hear nothing. Load and Model.Predict apply what Run
// wrote to models/<name>/:
//
//	weights.safetensors  kernels, biases, batch norms; convolutions are bands x
//	                     frames x inputs x outputs, dense inputs x outputs
//	model.json           net, classes, recipe, normalization, settings, versions
//	report.json          Report          history.csv  a line an epoch
//	folds.json           who was held out when
//	model.onnx           the same network for other programs, from patches to
//	                     probabilities
//	parity.npz           patches and probabilities to check a reader by
//	checkpoint.<n>       while training: where a fold is after its last epoch
//
// # Bits
//
// Every random draw comes from data.Rand by seed, fit, epoch and hit, and
// train/conv sums in one order, so a run, a resumed run and a run on another
// number of cores write the same bytes, for one kernel path (see Kernels).
//
// # Gorgonia v0.9.18
//
// Gorgonia holds the graph, differentiates it, runs it on its tape machine and
// defines the solver. The package doc of train/conv lists what its Ops work
// around; this package works around the rest: a graph is built under a lock, for
// building is not concurrent; RunAll without Reset does nothing and returns nil,
// so every run ends with Reset; training and evaluation are two graphs over the
// same arrays, since a machine's mode is its graph's; HeN panics for float32, so
// weights are drawn here.
package train
