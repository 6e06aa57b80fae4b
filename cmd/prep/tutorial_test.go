package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/data/pcm"
)

var writeTutorial = flag.Bool("tutorial", false, "write what the program says into docs/tutorial.md")

// phoneSounds are the sounds of the tutorial, and in how many takes each is.
var phoneSounds = []struct {
	class, name string
	takes       int
}{{"kick", "kick", 4}, {"hat-closed", "hat", 3}, {"snare", "snare", 3}}

// writePhoneTakes writes ten takes as somebody makes them who records one sound a take, eight times, into a folder
// without others: kick-1.wav to snare-3.wav; and new-take.wav, where the sounds come in turn. The hits are one
// synthetic voice's.
func writePhoneTakes(t *testing.T, dir string) {
	t.Helper()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 1, 1, 7*34
	hits := map[string][][]float32{}
	for take := range corpus.Generate(c) {
		for _, e := range take.Truth {
			from := take.Clip.Samples[e.Onset-200 : min(e.Onset+int(c.Rate)/10, len(take.Clip.Samples))]
			hits[e.Class] = append(hits[e.Class], fadedOut(from))
		}
	}
	err := os.MkdirAll(dir, 0o777)
	var mixed [][]float32
	for _, s := range phoneSounds {
		for n := range s.takes {
			err = errors.Join(err, writeTake(filepath.Join(dir, fmt.Sprintf("%s-%d.wav", s.name, n+1)), c.Rate, hits[s.class][n*8:n*8+8]))
		}
		mixed = append(mixed, hits[s.class][32:34]...)
	}
	err = errors.Join(err, writeTake("new-take.wav", c.Rate, [][]float32{mixed[0], mixed[2], mixed[4], mixed[3], mixed[1], mixed[5]}))
	if err != nil {
		t.Fatal(err)
	}
}

// writeTake writes hits one after the other, .4 s apart.
func writeTake(path string, rate data.Rate, hits [][]float32) error {
	gap := int(rate) * 2 / 5
	clip := data.Clip{Rate: rate, Samples: make([]float32, gap*(len(hits)+1))}
	for i, hit := range hits {
		copy(clip.Samples[gap*(i+1)-200:], hit)
	}
	return pcm.Int16.WriteFile(path, clip)
}

// fadedOut returns a hit that ends in silence, so that the one behind it in its own take is not heard.
func fadedOut(x []float32) []float32 {
	y := make([]float32, len(x))
	for i := range x {
		y[i] = x[i] * min(1, 4*float32(len(x)-i)/float32(len(x)))
	}
	return y
}

var number = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// What docs/tutorial.md shows is what the program says when its commands are given one after the other, but for
// numbers, which differ a little from machine to machine. `go test ./cmd/prep -run Tutorial -tutorial` writes it.
func TestTutorialShowsWhatTheProgramSays(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs commands of a whole line")
	}
	page, err := filepath.Abs(filepath.Join("..", "..", "docs", "tutorial.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	writePhoneTakes(t, "phone-takes")
	parts := strings.Split(string(text), "```console\n")
	for i, part := range parts[1:] {
		shown, rest, _ := strings.Cut(part, "```")
		said := ""
		for line := range strings.Lines(shown) {
			if command, is := strings.CutPrefix(line, "$ "); is {
				said += line + says(t, simpleCommands(strings.TrimSpace(command)))
			}
		}
		if number.ReplaceAllString(said, "0") != number.ReplaceAllString(shown, "0") && !*writeTutorial {
			t.Errorf("the page shows\n%s\nand the program says\n%s", shown, said)
		}
		parts[i+1] = said + "```" + rest
	}
	if *writeTutorial {
		if err := os.WriteFile(page, []byte(strings.Join(parts, "```console\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// says returns what commands say to the end, without how long they took.
func says(t *testing.T, commands [][]string) string {
	t.Helper()
	var said strings.Builder
	for _, words := range commands {
		a := &app{stdout: &said, stderr: &said, observe: func(data.Step) {}}
		if code, err := a.execute(t.Context(), words); err != nil || code != exitOK {
			fmt.Fprintf(&said, "prep: %v (exit %d)\n", err, code)
			t.Errorf("prep %s: exit %d, %v", strings.Join(words, " "), code, err)
		}
	}
	return said.String()
}
