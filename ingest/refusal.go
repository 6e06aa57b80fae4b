package ingest

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/ingest/decode"
)

// Refusals: files of kinds that are not decoded, what a person can do about
// them, and conversions that stand for them.

// refusal is a file of a kind that is not decoded.
type refusal struct {
	file
	codec string
}

// notDecoded ends the reason of a Skip of such a file.
const notDecoded = " is not decoded"

// converted ends the name, before its extension, of a file that was made of
// another that is not decoded.
const converted = ".converted"

// settleConversions gives a conversion, as the command in a refusal makes it,
// the name of its original, and with it the labels, the group and the class; the
// original is passed over. A conversion whose original is gone has the name that
// it would have without ".converted".
func (f *finder) settleConversions() {
	byStem := map[string]file{} // by path without extension
	for _, c := range f.files {
		if _, ok := conversionOf(c.path); !ok {
			byStem[stem(c.path)] = c
		}
	}
	originals := map[string]bool{}
	for i, c := range f.files {
		of, ok := conversionOf(c.path)
		if !ok {
			continue
		}
		name := stem(stem(c.name)) + ext(c.name)
		if original, found := byStem[of]; found {
			name = original.name
			originals[original.path] = true
			f.passed[original.path] = true
		}
		f.files[i].name = name
	}
	f.files = slices.DeleteFunc(f.files, func(c file) bool { return originals[c.path] })
	if n := len(originals); n > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%s taken in the place of %s, by the name .converted", counted(n, "conversion"), counted(n, "original")))
	}
}

// counted returns a number of things, with are or is for one word more.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// conversionOf returns the path, without its extension, of what a file would be
// the conversion of.
func conversionOf(p string) (original string, ok bool) {
	s := stem(p)
	if len(s) < len(converted) || !strings.EqualFold(s[len(s)-len(converted):], converted) {
		return "", false
	}
	return s[:len(s)-len(converted)], true
}

// findFFmpeg looks for an ffmpeg if one is asked for.
func (in *intake) findFFmpeg(ctx context.Context) {
	if !in.c.FFmpeg {
		return
	}
	var err error
	if in.make.ffmpeg, err = decode.FindFFmpeg(ctx); err != nil {
		in.noFFmpeg = err.Error()
	}
}

// settleRefusals skips the files that are not decoded, unless a recording beside
// one has its name with another extension: that stands for it.
func (in *intake) settleRefusals() {
	taken := map[string]bool{}
	for _, t := range in.takes {
		taken[stem(t.path)] = true
	}
	var left []refusal
	stood := 0
	for _, r := range in.refused {
		if taken[stem(r.path)] {
			stood++
			in.found.passed[r.path] = true
			continue
		}
		left = append(left, r)
		in.labeller.skip(r.name, r.codec+notDecoded)
	}
	if stood > 0 {
		in.sum.Notes = append(in.sum.Notes, fmt.Sprintf("%s not decoded, and a recording of the same name taken instead", counted(stood, "file")))
	}
	if len(left) > 0 {
		in.sum.Notes = append(in.sum.Notes, in.advice(left))
	}
}

// advice says how files that are not decoded are made readable, all at once.
func (in *intake) advice(left []refusal) string {
	codecs := map[string]bool{}
	for _, r := range left {
		codecs[r.codec] = true
	}
	how := "with ffmpeg installed, ingest with --ffmpeg, or convert and ingest again"
	switch {
	case in.noFFmpeg != "":
		how = in.noFFmpeg + "; install it, or convert elsewhere and ingest again"
	case in.make.ffmpeg != nil:
		how = "convert and ingest again"
	}
	return fmt.Sprintf("%s not decoded (%s); %s: %s", counted(len(left), "file"),
		strings.Join(slices.Sorted(maps.Keys(codecs)), ", "), how, loop(left))
}

// maxNamed is how many files a loop names one by one.
const maxNamed = 50

// loop returns a command that converts the files, each beside itself. Of very
// many it names the folders and endings.
func loop(files []refusal) string {
	const convert = `do ffmpeg -nostdin -v error -i "$f" -vn -c:a pcm_f32le "${f%.*}.converted.wav"; done`
	var words []string
	if len(files) <= maxNamed {
		for _, r := range files {
			words = append(words, decode.ShellPath(r.path))
		}
		return "for f in " + strings.Join(words, " ") + "; " + convert
	}
	for _, r := range files {
		word := decode.ShellPath(filepath.Dir(r.path)) + "/*" + decode.ShellPath(ext(r.path))[len("./"):]
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return "for f in " + strings.Join(words, " ") + "; " + convert
}

// ffmpegVersions returns the versions of ffmpeg that decoded recordings.
func ffmpegVersions(takes []take, f *facts) string {
	versions := map[string]bool{}
	for _, t := range takes {
		var r data.Recording
		if r, _ = f.get(t.id); r.ID != "" {
			if v, ok := decode.FFmpegVersion(r.Codec); ok {
				versions[v] = true
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(versions)), ", ")
}
