// Package conv holds the layers that training spends its time in, as Gorgonia Ops over our own
// kernels: convolution with bias and ReLU, pooling, dense, batch norm, dropout, softmax
// cross-entropy, and the AdamW solver.
//
// # API
//
//	Window{KernelH, KernelW, StrideH, StrideW, Same}     OH x OW outputs for H x W
//	Conv(x, weights, bias, window, Linear|ReLU)           N H W Cin -> N OH OW Cout
//	MaxPool(x, window), AvgPool(x, window)                N H W C   -> N OH OW C
//	GlobalAvgPool(x)                                      N H W C   -> N C
//	Dense(x, weights, bias, Linear|ReLU)                  N ...     -> N K (x is flattened)
//	BatchNorm(x, gamma, beta, stats, mode, Linear|ReLU)   any shape, channels last
//	Dropout(x, p, layer, source)                          a nil source is inference: x itself
//	SoftmaxCrossEntropy(logits, targets, sampleWeights)   -> scalar
//	Softmax(logits, k)                                    in place, on plain slices
//	NewAdam(rate), Adam{LearningRate, ...}.Step, Moments, SetMoments   a gorgonia.Solver
//	DropoutSource{Seed, Step}, NewRunningStats(channels)
//	Claim(), Threads()                                    processors, shared by graphs that run at once
//	Path()
//
// # Layout
//
// Everything is float32. Maps are NHWC: batch, height, width, channels, the channel fastest. Weights
// of a convolution are HWIO: kernel height, kernel width, input channels, output channels; of a dense
// layer inputs x outputs. A bias is a vector.
//
// # Gradients
//
// Conv and Dense compute no gradient for an input that is a plain graph input (the patches of a
// batch): it is the dearest one and nobody reads it. Gradients between layers share two buffers a
// chain of layers, so the value of such a node is gone when the run is over; the gradients of
// weights, biases, gains and shifts stay until Adam.Step, which sets them to zero because Gorgonia
// adds the next run's to them.
//
// # Bits
//
// Work is cut into pieces that depend on shapes only, and every sum is made in one order: results are
// the same bits whatever GOMAXPROCS and Workers. They differ between kernel paths (see Path). The
// forward pass of one sample does not depend on its place in the batch, except in BatchNorm when
// Training.
//
// # Gorgonia v0.9.18
//
// What these Ops work around:
//
//   - The graph merges nodes whose Ops hash alike (SoftMax and LogSoftMax of one node become one):
//     each Op here has an id of its own in its hash.
//   - Values an Op returns are collected every step: each Op keeps its output for the next run.
//   - A panic in an Op ends the process, for the virtual machine runs it on its own goroutine: each Op
//     recovers and returns an error.
//   - Dropout divides its gradient by p and an inference machine switches it off for every machine of
//     the graph; BatchNorm loses its running statistics when a training machine is made: here the mode
//     is fixed when a graph is built, and the caller owns running statistics and dropout source.
//   - MaxPool2D's gradient panics on NaN and Conv2d and MaxPool2D put padding on the wrong side: here
//     Same is ONNX's SAME_UPPER.
//   - AdamW never changes the weights and the solvers walk the weights several times: Adam is one pass.
//   - Two machines that share a weight tensor break each other through Mul's in-place transpose: Dense
//     reads its weights only.
package conv
