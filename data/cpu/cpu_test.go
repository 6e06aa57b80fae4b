package cpu

import "testing"

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name       string
		most, want Level
	}{
		{"", AVX512, AVX512}, {"avx2", AVX512, AVX2}, {"avx512", AVX512, AVX512}, {"generic", AVX, Generic},
		{"avx512", AVX2, AVX2}, {"avx", Generic, Generic}, {"neon", AVX2, AVX2},
	} {
		if got := choose(c.name, c.most); got != c.want {
			t.Errorf("choose(%q, %v): got %v, want %v", c.name, c.most, got, c.want)
		}
	}
}

func TestLevelOf(t *testing.T) {
	for want, has := range [][]bool{{false, true, true}, {true, false, true}, {true, true, false}, {true, true, true}} {
		if got := levelOf(has...); got != Level(want) {
			t.Errorf("%v: got %v, want %v", has, got, Level(want))
		}
	}
}

func TestLimit(t *testing.T) {
	most := processor()
	defer func(was Level) { level = was }(level)
	level = most
	for l := Generic; l <= AVX512; l++ {
		restore := Limit(l)
		for has := Generic; has <= AVX512; has++ {
			if got, want := Has(has), has <= min(l, most); got != want {
				t.Errorf("limited to %v: Has(%v) is %v, want %v", l, has, got, want)
			}
		}
		restore()
		if level != most {
			t.Fatalf("restored to %v, want %v", level, most)
		}
	}
}
