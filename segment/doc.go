// Package segment finds every hit in a recording, to the sample where its
// energy starts to rise, slices it and attaches its label.
//
// Detection has two passes. The coarse pass decides that something begins: a
// small temporal convolutional network (S. Böck, M. E. P. Davies, "Deconstruct,
// analyse, reconstruct: how to improve tempo, beat, and downbeat estimation",
// ISMIR 2020) hears the levels of mel bands, relative to the loudest sound
// nearby, and says how probable an onset is in each frame. docs/onset-model.md
// is its card. The fine pass decides when: a changepoint of the variance in the
// samples around the coarse onset, as seismologists pick first arrivals (N.
// Maeda, "A method for reading and checking phase times in autoprocessing system
// of seismic wave data", Zisin 38, 1985).
//
// Both stream: memory does not grow with the recording, and the size of the
// blocks in which it is read changes nothing. Nor does the processor: the network
// makes every sum in one order.
package segment
