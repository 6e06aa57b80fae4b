package train

import (
	"strings"
	"testing"
)

func TestSeedIsTheNetworkOfTheQuestion(t *testing.T) {
	n, err := openNet("seed")
	if err != nil {
		t.Fatal(err)
	}
	d, err := n.Describe(Shape{64, 64, 1}, 7)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Parameters, 1718727; got != want {
		t.Errorf("parameters: got %d, want %d", got, want)
	}
	if got, want := d.MACs/1e6, 1281; got != want {
		t.Errorf("MACs: got %d M, want %d M", got, want)
	}
	if got, want := d.Rows[7].Field, (Size{44, 44}); got != want {
		t.Errorf("receptive field of the last convolution: got %v, want %v", got, want)
	}
	ms, hz := d.Rows[7].Field.Extent(0.726, 100)
	if ms < 31.9 || ms > 32 || hz != 4400 {
		t.Errorf("extent: got %g ms x %g Hz, want 31.9 ms x 4400 Hz", ms, hz)
	}
}

func TestEveryPresetFitsAPatch(t *testing.T) {
	for _, name := range Presets() {
		n, err := openNet(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := n.Describe(Shape{64, 64, 1}, 7); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadNetworksAreNamed(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"no layers", "layers: []", "no layers"},
		{"unknown layer", "layers:\n  - {type: lstm}", "layer 1 (lstm): unknown type"},
		{"unknown key", "layers:\n  - {type: conv, filter: 3}", "line 2: unknown field \"filter\""},
		{"no filters", "layers:\n  - {type: conv, kernel: 3x3}", "needs filters"},
		{"foreign setting", "layers:\n  - {type: batch_norm, rate: 0.5}", "belongs to another type"},
		{"bad size", "layers:\n  - {type: conv, filters: 3, kernel: 3x}", "want bands x frames"},
		{"zero size", "layers:\n  - {type: conv, filters: 3, kernel: 3x0}", "want bands x frames"},
		{"bad rate", "layers:\n  - {type: dropout, rate: 1}", "rate is 1"},
		{"large pool", "layers:\n  - {type: pool, kind: max, size: 128x2}", "layer 1 (max pool 128x2): the pool is larger than the 64x64 map"},
		{"conv on a vector", "layers:\n  - {type: global_average}\n  - {type: conv, filters: 3, kernel: 3x3}", "layer 2 (conv 3 @ 3x3): it needs a map"},
	} {
		n, err := parseNet([]byte(c.yaml))
		if err == nil {
			_, err = n.Describe(Shape{64, 64, 1}, 7)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.name, err, c.want)
		}
	}
}

func TestSquareKernelFromOneNumber(t *testing.T) {
	n, err := parseNet([]byte("layers:\n  - {type: conv, filters: 3, kernel: 3}"))
	if err != nil || n.Layers[0].Kernel != (Size{3, 3}) {
		t.Fatalf("got %v, %v; want a 3x3 kernel", n, err)
	}
}
