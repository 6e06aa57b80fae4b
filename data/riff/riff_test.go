package riff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

// le returns n as four bytes, the lowest first.
func le(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// long64 returns n as eight.
func long64(n uint64) string { return string(binary.LittleEndian.AppendUint64(nil, n)) }

// words lists the chunks of a file: "id size" of each, "!" of one whose size is
// not what it says, "?" of one that does not say it, and the error at the end.
func words(file string) string {
	w, err := Open(strings.NewReader(file), int64(len(file)))
	if err != nil {
		return err.Error()
	}
	var all []string
	for {
		c, err := w.Next()
		if err != nil {
			if err != io.EOF {
				all = append(all, err.Error())
			}
			return strings.Join(all, ",")
		}
		word := fmt.Sprintf("%s %d", c.ID, c.Size)
		if c.Claimed != c.Size {
			word += "!"
		}
		if c.Unsized {
			word += "?"
		}
		all = append(all, word)
	}
}

func TestWalk(t *testing.T) {
	const head = "RIFF\x00\x00\x00\x00WAVE"
	none := "\xff\xff\xff\xff"
	for _, tc := range []struct{ name, file, want string }{
		{"nothing", "", "no RIFF file"},
		{"another kind", "OggS\x00\x00\x00\x00\x00\x00\x00\x00", "no RIFF file"},
		{"no chunk", head, ""},
		{"two", head + "fmt \x02\x00\x00\x00abdata\x02\x00\x00\x00cd", "fmt  2,data 2"},
		{"odd", head + "junk\x01\x00\x00\x00a\x00data\x02\x00\x00\x00cd", "junk 1,data 2"},
		{"odd and not padded", head + "junk\x01\x00\x00\x00adata\x02\x00\x00\x00cd", "junk 1,data 2"},
		{"cut short", head + "data\x09\x00\x00\x00cd", "data 2!"},
		{"half a head", head + "data\x00\x00", ""},
		{"a size beyond the file", head + "junk" + none + "abcd", "junk 4!"},
		{"data of unknown size", head + "data" + none + "abcd", "data 4?"},
		{"data of no size", head + "data" + le(0) + "\x01\x00\x02\x00", "data 4?"},
		{"no data", head + "data" + le(0) + "cue " + le(4) + le(0), "data 0,cue  4"},
		{"RF64", "RF64" + none + "WAVEds64" + le(28) + long64(0) + long64(4) + long64(2) + le(0) + "data" + none + "abcdcue " + le(2) + "ab",
			"ds64 28,data 4,cue  2"},
		{"RF64 with a table", "RF64" + none + "WAVEds64" + le(40) + long64(0) + long64(4) + long64(2) + le(1) + "big " + long64(6) + "big " + none + "abcdef" + "data" + none + "abcd",
			"ds64 40,big  6,data 4"},
		{"RF64 that lies", "RF64" + none + "WAVEds64" + le(28) + long64(0) + long64(math.MaxUint64) + long64(2) + le(0) + "data" + none + "abcd",
			"ds64 28,data 4!"},
		{"RF64 cut short", "RF64" + none + "WAVEds64" + le(28) + long64(0), "the ds64 chunk is cut short"},
		{"big numbers first", "RIFX\x00\x00\x00\x00WAVEdata\x00\x00\x00\x02ab", "data 2"},
		{"AIFF", "FORM\x00\x00\x00\x00AIFFCOMM\x00\x00\x00\x01a\x00SSND\x00\x00\x00\x02ab", "COMM 1,SSND 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := words(tc.file); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestListsHoldChunks(t *testing.T) {
	file := "RIFF\x00\x00\x00\x00WAVE" + "LIST" + le(14) + "adtllabl" + le(1) + "a\x00" + "LIST" + le(2) + "ab" + "LIST" + le(4) + "IN"
	w, _ := Open(strings.NewReader(file), int64(len(file)))
	c, _ := w.Next()
	list, kind, ok := w.Within(c)
	if !ok || kind != "adtl" {
		t.Fatalf("a list of %q, %v", kind, ok)
	}
	inner, err := list.Next()
	if b, e := list.Bytes(inner, 100); err != nil || e != nil || inner.ID != "labl" || string(b) != "a" {
		t.Errorf("%+v holds %q: %v %v", inner, b, err, e)
	}
	if _, err := list.Next(); err != io.EOF {
		t.Errorf("behind the last: %v", err)
	}
	for range 2 {
		c, _ = w.Next()
		if _, _, ok := w.Within(c); ok {
			t.Errorf("a list of %d bytes has a type", c.Size)
		}
	}
}

// failing is a file that ends, or breaks, behind its first bytes.
type failing struct {
	bytes.Reader
	err error
}

func (f *failing) ReadAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > f.Size() {
		return 0, f.err
	}
	return f.Reader.ReadAt(b, at)
}

func TestReadersThatFail(t *testing.T) {
	broken := errors.New("broken")
	for _, tc := range []struct {
		err, want error
	}{{io.EOF, io.ErrUnexpectedEOF}, {broken, broken}} {
		short := &failing{*bytes.NewReader([]byte("RIFF\x00\x00\x00\x00WAVE")), tc.err}
		w, err := Open(short, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Next(); err != tc.want {
			t.Errorf("%v, want %v", err, tc.want)
		}
		if _, err := w.Bytes(Chunk{At: 500, Size: 4}, 4); err != tc.want {
			t.Errorf("bytes: %v, want %v", err, tc.want)
		}
		if _, _, ok := w.Within(Chunk{At: 500, Size: 4}); ok {
			t.Error("a list behind the end")
		}
		empty := &failing{*bytes.NewReader(nil), tc.err}
		if _, err := Open(empty, 1000); err == nil {
			t.Error("a file that cannot be read is opened")
		}
	}
	head := &failing{*bytes.NewReader([]byte("RF64\xff\xff\xff\xffWAVEds64\x1c\x00\x00\x00")), broken}
	w, _ := Open(head, 1000)
	if _, err := w.Next(); err == nil {
		t.Error("sizes that cannot be read are read")
	}
}

// FuzzWalk holds that every chunk lies in the file, behind the one before it.
func FuzzWalk(f *testing.F) {
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x02\x00\x00\x00abLIST\x0e\x00\x00\x00adtllabl\x01\x00\x00\x00a\x00"))
	f.Add([]byte("RF64\xff\xff\xff\xffWAVEds64\x1c\x00\x00\x00" + long64(0) + long64(4) + long64(2) + le(0) + "data\xff\xff\xff\xffabcd"))
	f.Add([]byte("FORM\x00\x00\x00\x00AIFFCOMM\x00\x00\x00\x01a\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		check(t, w, 12, int64(len(b)), 0)
	})
}

func check(t *testing.T, w *Walk, from, to int64, depth int) {
	for {
		c, err := w.Next()
		if err != nil {
			return
		}
		if c.At < from+8 || c.Size < 0 || c.At+c.Size > to || c.Claimed < c.Size {
			t.Fatalf("%+v in %d to %d", c, from, to)
		}
		if b, err := w.Bytes(c, 100); err != nil || int64(len(b)) != min(c.Size, 100) {
			t.Fatalf("%d of %d bytes: %v", len(b), c.Size, err)
		}
		if list, _, ok := w.Within(c); ok && depth < 3 {
			check(t, list, c.At+4, c.At+c.Size, depth+1)
		}
		from = c.At + c.Size
	}
}
