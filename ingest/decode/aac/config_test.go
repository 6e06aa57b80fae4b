package aac

import "testing"

func TestParseConfig(t *testing.T) {
	tests := []struct {
		name string
		b    []byte
		want Config
		err  error
	}{
		{"LC", []byte{0x12, 0x10}, Config{44100, 2}, nil},
		{"LC, no SBR behind", []byte{0x12, 0x10, 0x56, 0xe5, 0}, Config{44100, 2}, nil},
		{"SBR behind", []byte{0x12, 0x10, 0x56, 0xe5, 0x80}, Config{44100, 2}, Unsupported("HE-AAC")},
		{"5.1", []byte{0x11, 0xb0}, Config{48000, 6}, nil},
		{"7.1", []byte{0x11, 0xb8}, Config{48000, 8}, nil},
		{"a layout that there is not", []byte{0x11, 0xc0}, Config{48000, 0}, Unsupported("AAC of more than 8 channels")},
		{"a rate of its own", []byte{0x17, 0x80, 0x1f, 0x40, 0x08}, Config{16000, 1}, nil},
		{"no rate", []byte{0x17, 0x00, 0, 0, 0x08}, Config{}, ErrDamaged},
		{"HE-AAC", []byte{0x2b, 0x92, 0x08, 0}, Config{22050, 2}, Unsupported("HE-AAC")},
		{"an object that nobody has", []byte{0x02, 0x10}, Config{44100, 0}, Unsupported("an unknown kind of AAC")},
		{"scalable", []byte{0x12, 0x12, 0, 0}, Config{44100, 2}, Unsupported("AAC Scalable")},
		{"nothing", nil, Config{}, ErrDamaged},
		{"half", []byte{0x12}, Config{44100, 0}, ErrDamaged},
	}
	for _, test := range tests {
		c, err := ParseConfig(test.b)
		if err != test.err || err == nil && c != test.want {
			t.Errorf("%s: %+v, %v; want %+v, %v", test.name, c, err, test.want, test.err)
		}
	}
}

// writeProgram writes a program_config_element.
func writeProgram(w *bitWriter) {
	w.put(0, 4+2+4)
	for i, n := range []int{2, 1, 1, 1, 1, 1} {
		w.put(n, []int{4, 4, 4, 2, 3, 4}[i])
	}
	w.put(1, 1) // mono mixdown
	w.put(0, 4)
	w.put(0, 1)
	w.put(1, 1) // matrix mixdown
	w.put(0, 3)
	for _, pair := range []int{0, 1, 1, 0} { // front: one and a pair; side: a pair; back: one
		w.put(pair, 1)
		w.put(0, 4)
	}
	w.put(0, 4+4+5)
	w.put(0, (8-w.at%8)%8)
	w.put(2, 8)
	w.put(0, 16)
}

// TestProgram holds the count of channels, in a configuration and at the
// beginning of a stream.
func TestProgram(t *testing.T) {
	w := &bitWriter{}
	w.put(2, 5)
	w.put(3, 4)
	w.put(0, 4+3)
	writeProgram(w)
	c, err := ParseConfig(w.b)
	if err != nil || c != (Config{48000, 7}) || len(c.order()) != 7 {
		t.Errorf("%+v, %v", c, err)
	}
	w = &bitWriter{}
	w.put(program, 3)
	writeProgram(w)
	if c, err = (Config{Rate: 48000}).Complete(w.b); err != nil || c.Channels != 7 {
		t.Errorf("in a block: %+v, %v", c, err)
	}
	if c, err = (Config{Rate: 48000, Channels: 2}).Complete(nil); err != nil || c.Channels != 2 {
		t.Errorf("complete: %+v, %v", c, err)
	}
	if _, err = (Config{Rate: 48000}).Complete([]byte{0}); err != ErrDamaged {
		t.Errorf("another element: %v", err)
	}
}

func TestParseHeader(t *testing.T) {
	good := []byte{0xff, 0xf1, 0x50, 0x80, 0x04, 0x1f, 0xfc}
	h, err := ParseHeader(good)
	if err != nil || h.Config != (Config{44100, 2}) || h.Size != 32 || h.Offset != 7 || h.Blocks != 1 || h.CRC || h.Supported() != nil {
		t.Errorf("%+v, %v", h, err)
	}
	good[2] = 0x10
	if h, err = ParseHeader(good); err != nil || h.Supported() != Unsupported("AAC Main") {
		t.Errorf("Main: %+v, %v", h, err)
	}
	for name, b := range map[string][]byte{
		"short": good[:6], "layer 3": {0xff, 0xfb, 0x50, 0x80, 0x04, 0x1f, 0xfc}, "no rate": {0xff, 0xf1, 0x7c, 0x80, 0x04, 0x1f, 0xfc},
		"smaller than its header": {0xff, 0xf1, 0x50, 0x80, 0, 0xdf, 0xfc},
	} {
		if _, err := ParseHeader(b); err != ErrDamaged {
			t.Errorf("%s: %v", name, err)
		}
	}
}
