package ingest

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"testing"
	"testing/iotest"

	"prep/data"
	"prep/ingest/decode"
	"prep/ingest/resample"
)

// s16 returns two channels, one twice as loud as the other, of a tone.
func s16(n int) (raw []byte, mono []float32) {
	for i := range n {
		v := int16(8000 * math.Sin(float64(i)/7))
		raw = binary.LittleEndian.AppendUint16(raw, uint16(v))
		raw = binary.LittleEndian.AppendUint16(raw, uint16(2*v))
		mono = append(mono, float32((float64(v)/32768+float64(2*v)/32768)/2))
	}
	return raw, mono
}

func pcm(rate data.Rate, channels int, encoding string) decode.PCM {
	return decode.PCM{Rate: rate, Channels: channels, Encoding: encoding}
}

func TestLiveIsTheRecording(t *testing.T) {
	raw, mono := s16(30000)
	plan, err := resample.NewPlan(48000, 44100)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.New()
	want := s.Close(s.Append(nil, mono))
	for name, r := range map[string]io.Reader{
		"whole": bytes.NewReader(raw), "a byte at a time": iotest.OneByteReader(bytes.NewReader(raw)), "with EOF": iotest.DataErrReader(bytes.NewReader(raw)),
		"a frame cut off": bytes.NewReader(append(slices.Clone(raw), 1, 2, 3)),
	} {
		l, err := NewLive(r, pcm(48000, 2, "s16le"), 44100)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, len(want)+10)
		for i := 0; i < len(got); i += 100 {
			if err := l.ReadAt(got[i:min(i+100, len(got))], i); err != nil {
				t.Fatal(name, err)
			}
		}
		if l.Len() != len(want) || !slices.Equal(got[:len(want)], want) || got[len(want)] != 0 {
			t.Errorf("%s: %d samples, not the %d of the recording", name, l.Len(), len(want))
		}
	}
}

func TestLiveForgets(t *testing.T) {
	raw, mono := s16(8000 * 3 * liveSeconds)
	l, err := NewLive(bytes.NewReader(raw), pcm(8000, 2, "s16le"), 8000)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 100)
	for pos := 0; pos < len(mono); pos += len(x) {
		if err := l.ReadAt(x, pos); err != nil || !slices.Equal(x, mono[pos:][:len(x)]) {
			t.Fatal(pos, err)
		}
		if len(l.samples) > 2*8000*liveSeconds+decode.BlockFrames {
			t.Fatalf("%d samples are kept", len(l.samples))
		}
	}
	if err := l.ReadAt(x, len(mono)-8000*liveSeconds); err != nil {
		t.Error(err)
	}
	if err := l.ReadAt(x, 0); err == nil {
		t.Error("the first samples are still there")
	}
}

func TestLiveRefuses(t *testing.T) {
	for _, p := range []decode.PCM{pcm(44100, 1, "mp3"), pcm(44100, 0, "s16le"), pcm(0, 1, "s16le"), pcm(44100, 1000, "f32le")} {
		if _, err := NewLive(bytes.NewReader(nil), p, data.Rate(44100)); err == nil {
			t.Errorf("%+v is accepted", p)
		}
	}
}

// TestLiveNumbers holds that what is no number is silence, not the end of all
// sound.
func TestLiveNumbers(t *testing.T) {
	var b []byte
	for _, v := range []float32{0.5, float32(math.NaN()), 0.25, float32(math.Inf(1))} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	l, err := NewLive(bytes.NewReader(b), pcm(44100, 1, "f32le"), 44100)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 4)
	if err := l.ReadAt(got, 0); err != nil || !slices.Equal(got, []float32{0.5, 0, 0.25, 0}) || l.SampleRate() != 44100 {
		t.Errorf("got %v at %d Hz (%v)", got, l.SampleRate(), err)
	}
}

func TestLiveFails(t *testing.T) {
	l, err := NewLive(iotest.ErrReader(io.ErrClosedPipe), pcm(44100, 1, "s16le"), 44100)
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() <= 1<<40 {
		t.Errorf("%d samples of a recording that goes on", l.Len())
	}
	if err := l.ReadAt(make([]float32, 1), 0); err != io.ErrClosedPipe {
		t.Errorf("got %v, want %v", err, io.ErrClosedPipe)
	}
}
