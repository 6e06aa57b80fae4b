package stft_test

import (
	"fmt"
	"math"

	"prep/data"
	"prep/features/stft"
)

// The spectrum of a tone, frame by frame: its strongest bin lies at its
// frequency.
func ExampleSTFT_Read() {
	tone := data.Clip{Rate: 44100, Samples: make([]float32, 4410)}
	for i := range tone.Samples {
		tone.Samples[i] = float32(math.Sin(2 * math.Pi * 2000 * float64(i) / 44100))
	}
	const fft, hop, frames = 1024, 256, 8
	s := stft.New(stft.Hann(512), fft, hop)
	power := make([]float32, frames*s.Bins())
	if err := s.Read(power, tone, 0, frames); err != nil {
		fmt.Println(err)
		return
	}
	frame, strongest := power[3*s.Bins():4*s.Bins()], 0
	for k, p := range frame {
		if p > frame[strongest] {
			strongest = k
		}
	}
	fmt.Printf("%d bins, the strongest at %.0f Hz\n", s.Bins(), float64(strongest)*44100/fft)
	// Output: 513 bins, the strongest at 1981 Hz
}

// A transform and its inverse give the samples back.
func ExamplePlan_Inverse() {
	p := stft.NewPlan(8)
	re, im, x := make([]float32, p.Bins()), make([]float32, p.Bins()), make([]float32, p.Len())
	p.Spectrum(re, im, []float32{1, 2, 3, 4, 4, 3, 2, 1})
	p.Inverse(x, re, im)
	fmt.Printf("sum %.0f, samples %.0f\n", re[0], x)
	// Output: sum 20, samples [1 2 3 4 4 3 2 1]
}
