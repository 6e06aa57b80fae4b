package decode_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"prep/ingest/decode"
)

// A recording is opened by what it contains and read block by block, so that its
// length does not matter.
func ExampleOpen() {
	f, err := os.Open("testdata/stereo320.mp3")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := decode.Open(f, info.Size())
	if err != nil {
		fmt.Println(err)
		return
	}
	var peak float32
	block := make([]float32, decode.BlockFrames*a.Channels)
	for {
		frames, err := a.Read(block)
		for _, v := range block[:frames*a.Channels] {
			peak = max(peak, v)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("%s, %d Hz, %d channels, %d frames, peak %.2f\n", a.Codec, a.Rate, a.Channels, a.Frames(), peak)
	// Output: MP3, 44100 Hz, 2 channels, 17640 frames, peak 0.49
}

// What is audio of a kind that is not decoded says how to convert it.
func ExampleUnsupportedError() {
	_, err := decode.Open(bytes.NewReader([]byte("wvpk....")), 8)
	var u *decode.UnsupportedError
	if errors.As(err, &u) {
		u.Path = "take one.wv"
		fmt.Println(u)
	}
	// Output: WavPack is not decoded; convert it first: ffmpeg -nostdin -i './take one.wv' -vn -c:a pcm_f32le './take one.converted.wav'
}

// Samples without a header are described by the one who knows.
func ExampleOpenRaw() {
	a, err := decode.OpenRaw(bytes.NewReader([]byte{0, 0x40, 0, 0xc0}), decode.PCM{Rate: 44100, Channels: 2, Encoding: "s16le"})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame := make([]float32, a.Channels)
	n, _ := a.Read(frame)
	fmt.Println(n, frame)
	// Output: 1 [0.5 -0.5]
}
