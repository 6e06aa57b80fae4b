package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"prep/cmd/internal/config"
	"prep/data/corpus"
)

// pages are what people read, below the folder of the module.
func pages(t *testing.T) (all []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "examples/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) < 20 {
		t.Fatalf("%d pages are found", len(all))
	}
	return all
}

// spoken is a command line of a page.
type spoken struct {
	where string // "docs/start.md:3"
	words []string
	quote bool // it stands in a sentence, and may leave things out
}

var (
	quoted     = regexp.MustCompile("`((?:\\./)?prep [^`]+)`")
	assignment = regexp.MustCompile(`^[A-Z_]+=`)
)

// commandLines returns the command lines of prep in the blocks of a page, fenced or indented, and in its sentences.
func commandLines(t *testing.T, page string) (all []spoken) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	fence, line := "", ""
	for i, raw := range strings.Split(string(text), "\n") {
		where := fmt.Sprintf("%s:%d", strings.TrimPrefix(filepath.ToSlash(page), "../../"), i+1)
		language, isFence := strings.CutPrefix(strings.TrimSpace(raw), "```")
		switch {
		case isFence && fence == "":
			fence = language + " "
		case isFence:
			fence = ""
		case fence == "sh " || fence == "console " || fence == "bash " || fence == "yaml " || fence == "" && strings.HasPrefix(raw, "    "):
			line += strings.TrimPrefix(strings.TrimSpace(raw), "$ ")
			if cut, ok := strings.CutSuffix(line, "\\"); ok {
				line = cut
				continue
			}
			for _, words := range simpleCommands(line) {
				all = append(all, spoken{where, words, false})
			}
			line = ""
		case fence == "":
			for _, m := range quoted.FindAllStringSubmatch(raw, -1) {
				for _, words := range simpleCommands(m[1]) {
					all = append(all, spoken{where, words, true})
				}
			}
		}
	}
	return all
}

// simpleCommands returns the words of each call of prep in a line of a shell.
func simpleCommands(line string) (all [][]string) {
	var words []string
	word, quote, open := "", rune(0), false
	end := func() {
		if open {
			words = append(words, word)
		}
		word, open = "", false
	}
	call := func() {
		end()
		for len(words) > 0 && (assignment.MatchString(words[0]) || words[0] == "srun" || words[0] == "exec" || words[0] == "time" || words[0] == "-") {
			words = words[1:]
		}
		if len(words) > 0 && (words[0] == "prep" || words[0] == "./prep") {
			all = append(all, words[1:])
		}
		words = nil
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote != 0:
			word += string(r)
		case r == '#' && !open:
			call()
			return all
		case strings.ContainsRune("|;&", r):
			call()
		case r == '>':
			end()
			words = append(words, ">")
		case unicode.IsSpace(r):
			end()
		default:
			word, open = word+string(r), true
		}
	}
	call()
	return all
}

// placeholder is a word that stands for one of the reader's, or for nothing: PATH, DIR, NAME..., [HIT].
var placeholder = regexp.MustCompile(`^[A-Z][A-Z0-9_.-]*$|^\.\.\.$|^…$|^N$|^i/n$`)

// Every command line that a page has is one of the program: its command is there, its flags are, and their values
// are of their type.
func TestCommandLinesOfPagesAreOfTheProgram(t *testing.T) {
	found := 0
	for _, page := range pages(t) {
		if filepath.Base(page) == "CHANGELOG.md" { // which also tells of what was
			continue
		}
		for _, s := range commandLines(t, page) {
			found++
			if err := parses(s); err != nil {
				t.Errorf("%s: prep %s: %v", s.where, strings.Join(s.words, " "), err)
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d command lines are found", found)
	}
	t.Logf("%d command lines", found)
}

// parses says why the program would refuse a command line.
func parses(s spoken) error {
	var args []string
	for _, w := range s.words {
		if w == ">" {
			break
		}
		if w = strings.Trim(w, "[]"); s.quote && placeholder.MatchString(w) {
			if len(args) > 0 && strings.HasPrefix(args[len(args)-1], "--") {
				args = args[:len(args)-1] // and its flag is looked up below
			}
			continue
		}
		args = append(args, w)
	}
	a := &app{config: config.Default(), stdout: io.Discard, stderr: io.Discard}
	root := a.root()
	root.InitDefaultVersionFlag()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	if len(s.words) > 0 && (s.quote && placeholder.MatchString(s.words[0]) || s.words[0] == "$stage") { // `prep COMMAND --help`
		return nil
	}
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if cmd == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return fmt.Errorf("no such command")
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(rest); err != nil && !(s.quote && strings.HasPrefix(err.Error(), "flag needs an argument")) {
		return err
	}
	for _, w := range s.words {
		if name, is := strings.CutPrefix(strings.Trim(w, "[]"), "--"); is {
			name, _, _ = strings.Cut(name, "=")
			if f := cmd.Flag(name); f == nil || f.Hidden {
				return fmt.Errorf("no flag --%s", name)
			}
		}
	}
	if s.quote || cmd.Args == nil {
		return nil
	}
	return cmd.Args(cmd, cmd.Flags().Args())
}

// brief are the commands that end by themselves, soon, on a small set, with what is added to make it sooner.
var brief = map[string][]string{"ingest": nil, "segment": nil, "augment": nil, "features": nil, "plot": nil, "report": nil, "status": nil,
	"check": nil, "export": nil, "predict": nil, "remove": nil, "config": nil, "version": nil, "adapt": nil, "train": {"--epochs", "1"}}

// The command lines of the blocks of pages that are about the set "beats", or "me", or none, and end by themselves, do
// what they say, one after the other as a reader would give them: on a set of synthetic takes that lie where the pages say.
func TestCommandLinesOfPagesRun(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs commands of a whole line")
	}
	var all []spoken
	for _, page := range pages(t) {
		if filepath.Base(page) != "CHANGELOG.md" && !strings.Contains(page, "cluster") && !strings.Contains(page, "results") {
			all = append(all, commandLines(t, page)...)
		}
	}
	t.Chdir(t.TempDir())
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 1, 14
	for _, dir := range []string{"recordings", "my-takes", "takes"} {
		if err := corpus.Write(dir, c); err != nil {
			t.Fatal(err)
		}
	}
	sound, err := os.ReadFile(filepath.Join("takes", "voice-01", "take-1.wav"))
	for _, name := range []string{"take.wav", "new-take.wav"} {
		if err == nil {
			err = os.WriteFile(name, sound, 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"ingest recordings", "segment", "features", "train --epochs 1"} {
		if code, err := execute(t.Context(), append(strings.Fields(args), "--set", "beats", "-q"), io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatalf("%s: %d, %v", args, code, err)
		}
	}
	ran := 0
	for _, s := range all {
		more, ends := brief[s.first()]
		if line := strings.Join(s.words, " "); s.quote || !ends || slices.Contains(s.words, "-") || strings.Contains(line, "--set") && !ofTests.MatchString(line) {
			continue
		}
		ran++
		var said strings.Builder
		code, err := execute(t.Context(), slices.Concat(slices.DeleteFunc(slices.Clone(s.words), isRedirect), more, []string{"-q"}), io.Discard, &said)
		if code != exitOK || err != nil {
			t.Errorf("%s: prep %s: exit %d, %v\n%s", s.where, strings.Join(s.words, " "), code, err, said.String())
		}
	}
	if ran < 20 {
		t.Errorf("only %d command lines are run", ran)
	}
	t.Logf("%d command lines", ran)
}

// ofTests is a command line that is about a set which the test makes.
var ofTests = regexp.MustCompile(`--set (beats|me)( |$)`)

func isRedirect(word string) bool { return word == ">" }

// first returns the name of the command.
func (s spoken) first() string {
	if len(s.words) == 0 {
		return ""
	}
	return s.words[0]
}

var (
	link    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)[^)]*\)|<img [^>]*src="([^"]+)"|<a [^>]*href="([^"]+)"`)
	heading = regexp.MustCompile(`^#+ +(.*?) *#*$`)
	code    = regexp.MustCompile("`[^`]*`")
)

// anchors returns those of the headings of a page, as GitHub makes them.
func anchors(text string) map[string]bool {
	all, fenced := map[string]bool{}, false
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		m := heading.FindStringSubmatch(line)
		if m == nil || fenced {
			continue
		}
		slug := strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			}
			return -1
		}, m[1])
		for n, first := 1, slug; all[slug]; n++ {
			slug = fmt.Sprintf("%s-%d", first, n)
		}
		all[slug] = true
	}
	return all
}

// Every link of a page to a file or a heading of ours leads somewhere.
func TestLinksOfPagesLeadSomewhere(t *testing.T) {
	found := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(string(text), ""), -1) {
			target := m[1] + m[2] + m[3]
			if strings.Contains(target, ":") { // of the web, or of mail
				continue
			}
			found++
			file, anchor, _ := strings.Cut(target, "#")
			path := page
			if file != "" {
				path = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Errorf("%s: %s leads nowhere", page, target)
				continue
			}
			if anchor == "" || info.IsDir() {
				continue
			}
			if there, err := os.ReadFile(path); err != nil || !anchors(string(there))[anchor] {
				t.Errorf("%s: %s has no such heading", page, target)
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d links are found", found)
	}
}
