package predict

import (
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"strings"

	"prep/data"
)

// oscAddress is where a hit is sent to among what listens.
const oscAddress = "/prep/hit"

// OSC sends hits to a program of music, each as a message of Open Sound Control 1.0
// (https://opensoundcontrol.stanford.edu/spec-1_0.html) in a UDP packet:
//
//	/prep/hit ,sfff class level_db probability onset_s
type OSC struct{ conn net.Conn }

// NewOSC returns what sends to a host and a port, as "localhost:57120". It fails on what is
// no address; that nobody listens there is no fault, and may change.
func NewOSC(to string) (*OSC, error) {
	conn, err := net.Dial("udp", to)
	if err != nil {
		return nil, fmt.Errorf("%s: want host:port, as localhost:57120: %w", to, err)
	}
	return &OSC{conn}, nil
}

// Send sends a hit, unless it is none of the sounds. A packet that the network does not take
// is lost, as packets are: no performance ends for it.
func (o *OSC) Send(h Hit) {
	if h.Class != data.None {
		o.conn.Write(oscMessage(h))
	}
}

// Close ends it.
func (o *OSC) Close() error { return o.conn.Close() }

// oscMessage returns the bytes of a hit's message.
func oscMessage(h Hit) []byte {
	raw := append(oscText(oscAddress), oscText(",sfff")...)
	raw = append(raw, oscText(h.Class)...)
	for _, v := range []float32{float32(h.Level), h.Probability, float32(h.Onset)} {
		raw = binary.BigEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}

// oscText returns a text with a zero behind it, in a multiple of four bytes.
func oscText(s string) []byte {
	s = strings.ReplaceAll(s, "\x00", "")
	return append([]byte(s), make([]byte, 4-len(s)%4)...)
}
