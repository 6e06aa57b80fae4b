package sonagram

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

const spacing = datatest.BurstSpacing

// place is the stretch of burst n of the first recording, from 3 ms before it.
func place(n int) Place {
	return Place{"0000000000000001", Span{n*spacing - 132, n*spacing + 2028}}
}

func TestTheToneIsTheLoudestRow(t *testing.T) {
	x := data.Clip{Rate: datatest.BurstRate, Samples: datatest.Bursts(3)}
	for n, hz := range map[int]float64{1: 200, 2: 800} {
		v := Span{n*spacing - 1800, n*spacing + 2400}
		grid, err := For(v, 128).NewPlan(x.Rate).Draw(x, v, 1)
		if err != nil || len(grid) != 128 {
			t.Fatalf("%d bytes, %v", len(grid), err)
		}
		best := bytes.IndexByte(grid, 255)
		got := Mel.hz(lowHz, highHz, (float64(best)+0.5)/128)
		if math.Abs(got-hz) > 45 {
			t.Errorf("hit %d: the loudest row is at %.0f Hz, want %.0f", n, got, hz)
		}
	}
}

// The shorter a stretch, the shorter the window.
func TestShapes(t *testing.T) {
	for samples, want := range map[int]Config{1000: {Rows: 9, Window: 128, FFT: 1024}, 4000: {Rows: 9, Window: 256, FFT: 1024}, 16000: {Rows: 9, Window: 512, FFT: 1024}, 99999: {Rows: 9, Window: 1024, FFT: 2048}} {
		if got := For(Span{7, 7 + samples}, 9); got != want {
			t.Errorf("%d samples: %v, want %v", samples, got, want)
		}
	}
}

// A stretch that is read a frame at a time is drawn as one that is in memory,
// and where there is no sound there is nothing to see.
func TestLongStretches(t *testing.T) {
	x := data.Clip{Rate: datatest.BurstRate, Samples: datatest.Bursts(10)}
	plan := Config{Rows: 8, Window: 512, FFT: 1024}.NewPlan(x.Rate)
	v := Span{0, len(x.Samples)}
	grid, err := plan.Draw(x, v, 22) // a burst falls into every other column
	if err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		part := Span{i * spacing, (i + 1) * spacing}
		short, err := plan.Draw(x, part, 2)
		if err != nil {
			t.Fatal(err)
		}
		loudest := func(g []byte, cols, col int) (row int) {
			for j := range 8 {
				if g[j*cols+col] > g[row*cols+col] {
					row = j
				}
			}
			return row
		}
		if i > 0 && loudest(grid, 22, 2*i) != loudest(short, 2, 0) {
			t.Errorf("column %d: row %d is the loudest, %d where it is drawn alone", 2*i, loudest(grid, 22, 2*i), loudest(short, 2, 0))
		}
	}
	if grid[0] != 0 {
		t.Errorf("before the first burst there is %d", grid[0])
	}
}

// Thumbnails come in the order asked for, each as its plan draws it.
func TestThumbnails(t *testing.T) {
	set := datatest.NewBursts(t, 600)
	shape := Config{Rows: 40, Window: 512, FFT: 1024}
	places := []Place{place(2), {"00000000000001f5", place(3).Span}, place(1)}
	for n := range 150 {
		places = append(places, place(n+1))
	}
	all, err := shape.Thumbnails(context.Background(), set, places)
	if err != nil || len(all) != len(places) {
		t.Fatalf("%d of %d, %v", len(all), len(places), err)
	}
	for i, p := range places {
		audio, err := set.Audio(p.Recording)
		if err != nil {
			t.Fatal(err)
		}
		want, err := shape.NewPlan(datatest.BurstRate).Draw(audio, p.Span, 40)
		audio.Close()
		if err != nil || !bytes.Equal(all[i], want) {
			t.Errorf("thumbnail %d is not that of %v (%v)", i, p, err)
		}
	}
	if _, err := shape.Thumbnails(context.Background(), set, []Place{{Recording: "nobody"}}); err == nil {
		t.Error("a recording that is not there is drawn")
	}
}

// A tone is in the row that the scale gives its frequency, and a smaller range shows less.
func TestScalesAndRange(t *testing.T) {
	x := data.Clip{Rate: datatest.BurstRate, Samples: datatest.Bursts(2)}
	v := Span{2*spacing - 100, 2*spacing + 1900} // 800 Hz
	for scale, want := range map[Scale]int{Mel: 22, Linear: 4, Log: 48} {
		c := Config{Rows: 100, Scale: scale}.Windowed(1024)
		grid, err := c.NewPlan(x.Rate).Draw(x, v, 1)
		if err != nil {
			t.Fatal(err)
		}
		if row := slices.Index(grid, 255); row < want-1 || row > want+1 {
			t.Errorf("%s: 800 Hz is in row %d, want %d", scale, row, want)
		}
		c.Range = 40
		less, err := c.NewPlan(x.Rate).Draw(x, v, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range grid {
			want := max(0, 255-(255-float64(grid[i]))*70/40)
			if math.Abs(float64(less[i])-want) > 2 {
				t.Fatalf("%s, row %d: %d of 40 dB, %d of 70 dB", scale, i, less[i], grid[i])
			}
		}
	}
}
