// Package segment finds every hit in a recording, to the sample where its
// energy starts to rise, slices it and attaches its label.
//
// Detection has two passes. The coarse pass decides that something begins:
// a log-frequency spectral flux with a maximum filter (S. Böck, G. Widmer,
// "Maximum filter vibrato suppression for onset detection", DAFx 2013) over
// band levels that are floored by the noise and by the loudest sound nearby, so
// that gain, room noise and hum fall out, and masked by what sounded just
// before; a second flux over a shorter time hears the bursts in a tail. The fine
// pass decides when: a changepoint of the variance in the samples around the
// coarse onset, as seismologists pick first arrivals (N. Maeda, "A method for
// reading and checking phase times in autoprocessing system of seismic wave
// data", Zisin 38, 1985).
//
// Both stream: memory does not grow with the recording, and the size of the
// blocks in which it is read changes nothing.
package segment
