package aac

// Config says what a stream of AAC-LC holds.
type Config struct {
	Rate     int // samples per second
	Channels int // 0 where only the first block says how many there are
}

// objects name the audio object types (table 1.17) that are not decoded.
var objects = map[int]string{
	1: "AAC Main", 3: "AAC SSR", 4: "AAC LTP", 5: "HE-AAC", 6: "AAC Scalable", 7: "TwinVQ", 8: "CELP", 9: "HVXC",
	17: "error resilient AAC", 19: "error resilient AAC LTP", 20: "error resilient AAC Scalable", 21: "error resilient TwinVQ",
	22: "BSAC", 23: "AAC-LD", 29: "HE-AAC v2", 32: "MPEG audio Layer I", 33: "MPEG audio Layer II", 34: "MPEG audio Layer III",
	36: "ALS", 37: "SLS", 39: "AAC-ELD", 42: "xHE-AAC",
}

// lowComplexity is the audio object type that is decoded.
const lowComplexity = 2

// ParseConfig reads an AudioSpecificConfig (1.6.2.1), as MP4 and other
// containers hold it. It fails with an Unsupported, or with ErrDamaged.
func ParseConfig(b []byte) (c Config, err error) {
	var r bitReader
	r.reset(b)
	object := readObject(&r)
	c.Rate = readRate(&r)
	layout := r.read(4)
	if c.Rate == 0 || r.over() {
		return c, ErrDamaged
	}
	if object != lowComplexity {
		return c, unsupported(object)
	}
	if r.flag() {
		return c, Unsupported("AAC in blocks of 960 samples")
	}
	if r.flag() { // dependsOnCoreCoder
		return c, Unsupported("AAC Scalable")
	}
	r.read(1) // extensionFlag
	if layout == 0 {
		if c.Channels, err = readProgram(&r); err != nil {
			return c, err
		}
	} else if c.Channels, err = channelsOf(layout); err != nil {
		return c, err
	}
	if r.over() {
		return c, ErrDamaged
	}
	return c, findExtension(&r)
}

// findExtension looks behind a configuration for HE-AAC in the way that other
// decoders pass over (syncExtensionType).
func findExtension(r *bitReader) error {
	if r.end-r.at < 17 || r.read(11) != 0x2b7 {
		return nil
	}
	if object := readObject(r); object == 5 && r.flag() {
		return unsupported(object)
	}
	return nil
}

// readObject reads an audio object type.
func readObject(r *bitReader) int {
	if v := r.read(5); v != 31 {
		return v
	}
	return 32 + r.read(6)
}

// readRate reads a sampling rate; 0 is none.
func readRate(r *bitReader) int {
	i := r.read(4)
	switch {
	case i == 15:
		return r.read(24)
	case i < len(rates):
		return rates[i]
	}
	return 0
}

func unsupported(object int) error {
	if name := objects[object]; name != "" {
		return Unsupported(name)
	}
	return Unsupported("an unknown kind of AAC")
}

// orders are, by channelConfiguration (table 1.19), where each channel of a block
// goes: front left and right, centre, LFE, back or surround, sides of the front, as in WAV.
var orders = [8][]int{
	1: {0}, {0, 1}, {2, 0, 1}, {2, 0, 1, 3}, {2, 0, 1, 3, 4}, {2, 0, 1, 4, 5, 3}, {2, 6, 7, 0, 1, 4, 5, 3},
}

// order returns where each channel of a block goes.
func (c Config) order() []int {
	for _, o := range orders {
		if len(o) == c.Channels && c.Channels > 0 {
			return o
		}
	}
	o := make([]int, c.Channels)
	for i := range o {
		o[i] = i
	}
	return o
}

func channelsOf(layout int) (int, error) {
	if layout >= len(orders) {
		return 0, Unsupported("AAC of more than 8 channels")
	}
	return len(orders[layout]), nil
}

// readProgram reads a program_config_element (table 4.2) without the three bits that
// begin it, and returns how many channels it has.
func readProgram(r *bitReader) (channels int, err error) {
	r.read(4 + 2 + 4) // tag, profile, rate
	var counts [6]int // front, side, back, LFE, associated data, coupling
	for i, bits := range [6]int{4, 4, 4, 2, 3, 4} {
		counts[i] = r.read(bits)
	}
	for _, bits := range [3]int{4, 4, 3} { // mixdowns
		if r.flag() {
			r.read(bits)
		}
	}
	for _, n := range counts[:3] {
		for range n {
			channels += 1 + r.read(1)
			r.read(4)
		}
	}
	channels += counts[3]
	r.at += 4*(counts[3]+counts[4]) + 5*counts[5]
	r.align()
	r.at += 8 * r.read(8) // a comment
	if r.over() || channels == 0 {
		return channels, ErrDamaged
	}
	return channels, nil
}
