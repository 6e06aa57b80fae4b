// Command others writes takes of noises into a folder, N of seed S, and beside each
// recording of the folders DIR... a label track that says of whatever the onset detector
// finds in it that it is none of the sounds:
//
//	go run ./train/general/testdata/others NOISES S N DIR...
package main

import (
	"context"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"prep/data"
	"prep/data/corpus"
	"prep/data/filter"
	"prep/data/labelfile"
	"prep/data/pcm"
	"prep/ingest"
	"prep/segment"
)

func main() {
	seed, err := strconv.ParseUint(os.Args[2], 10, 64)
	check(err)
	n, err := strconv.Atoi(os.Args[3])
	check(err)
	for _, t := range corpus.Others(44100, seed, n) {
		check(t.Write(os.Args[1]))
	}
	for _, dir := range append(os.Args[4:], os.Args[1]) {
		files, err := filepath.Glob(filepath.Join(dir, "*.wav"))
		check(err)
		for _, f := range files {
			check(move(f))
			check(mark(f))
		}
	}
}

// move plays a recording faster or slower, fills in what lies above its band where it hisses,
// and puts it into another room and before another recorder: else the band of a speech
// synthesizer, and its silence, would tell speech from hits. One of five stays as it is.
func move(file string) error {
	audio, done, err := open(file)
	if err != nil {
		return err
	}
	defer done()
	random := data.Rand(1, filepath.Base(file))
	if random.Float64() < 0.2 {
		return nil
	}
	x := make([]float32, audio.Len())
	if err := audio.ReadAt(x, 0); err != nil {
		return err
	}
	rate := 0.75 + 1.1*random.Float64()
	y := make([]float64, int(float64(len(x)-1)/rate))
	for i := range y {
		at := float64(i) * rate
		k := int(at)
		y[i] = float64(x[k]) + (at-float64(k))*float64(x[min(k+1, len(x)-1)]-x[k])
	}
	hiss := slices.Clone(y)
	filter.Run(hiss, filter.Highpass(4500, 0.707, 44100), filter.Highpass(4500, 0.707, 44100))
	envelope, fill := 0.0, make([]float64, len(y))
	for i, v := range hiss {
		envelope += 0.01 * (math.Abs(v) - envelope)
		fill[i] = envelope * random.NormFloat64()
	}
	filter.Run(fill, filter.Highpass(8000, 0.707, 44100), filter.Highpass(8000, 0.707, 44100))
	gain := 4 * random.Float64()
	clip := data.Clip{Rate: 44100, Samples: make([]float32, len(y))}
	for i, v := range y {
		clip.Samples[i] = float32(v + gain*fill[i])
	}
	return pcm.Int16.WriteFile(file, corpus.Surround(clip, 1, filepath.Base(file)))
}

// open returns a recording at 44100 samples a second, and what ends its use.
func open(file string) (*data.AudioFile, func(), error) {
	dir, err := os.MkdirTemp("", "others")
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, "audio.wav")
	if _, err = ingest.Convert(context.Background(), file, 44100, path); err == nil {
		var audio *data.AudioFile
		if audio, err = data.OpenAudio(path); err == nil {
			return audio, func() { audio.Close(); os.RemoveAll(dir) }, nil
		}
	}
	os.RemoveAll(dir)
	return nil, nil, err
}

// mark writes the label track of a recording.
func mark(file string) error {
	audio, done, err := open(file)
	if err != nil {
		return err
	}
	defer done()
	hits, err := segment.Default().Hits(audio)
	if err != nil {
		return err
	}
	var marks []labelfile.Mark
	for _, h := range hits {
		marks = append(marks, labelfile.Mark{Onset: float64(h.Onset) / 44100, Class: data.None})
	}
	return data.WriteFile(strings.TrimSuffix(file, ".wav")+".txt", func(w io.Writer) error {
		return labelfile.WriteOne(w, "audacity", labelfile.Recording{Marks: marks})
	})
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
