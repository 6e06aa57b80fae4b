package desk

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

func TestLabelStudio(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	region := func(onset int, class string) string {
		return fmt.Sprintf(`{"id":"%d","type":"labels","from_name":"l","to_name":"a","value":{"start":%.17g,"end":%.17g,"channel":0,"labels":[%q]}}`,
			onset, float64(onset)/float64(datatest.BurstRate), float64(onset+100)/float64(datatest.BurstRate), class)
	}
	task := func(audio, work string) string {
		return `[{"id":7,"data":{"x":1,"audio":"` + audio + `"},` + work + `}]`
	}
	annotation := func(regions string) string {
		return `"annotations":[{"id":3,"completed_by":1,"result":[` + regions + `]}]`
	}
	for _, tc := range []struct {
		name, tasks, want string // the labels, or the skip
	}{
		{"the set's own audio", task("/data/local-files/?d=s%2Faudio%2F0000000000000001.wav", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"an upload", task("/data/upload/1/0a1b2c3d-take-000.wav", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"a URL", task("https://example.org/a/take-000.wav?x=1", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"the last annotation that counts", task("take-000.wav", `"annotations":[{"result":[`+region(1, "a")+`]},{"result":[`+region(4410, "kick")+`]},{"was_cancelled":true,"result":[]}]`),
			"4410-4510 kick human"},
		{"a prediction", task("take-000.wav", `"annotations":[],"predictions":[{"model_version":"m","result":[`+region(4410, "kick")+`]}]`), "4410-4510 kick model m"},
		{"regions in disorder", task("take-000.wav", annotation(region(9000, "hat")+","+region(4410, "kick"))), "4410-4510 kick human,9000-9100 hat human"},
		{"regions that are no labels", task("take-000.wav", annotation(`{"type":"rating","value":{"rating":3}},`+region(-5, "hat")+","+region(4410, "kick"))),
			"in part 4410-4510 kick human,skipped"},
		{"beyond the end", task("take-000.wav", annotation(region(99999999, "hat")+","+region(4410, "kick"))), "in part 4410-4510 kick human,skipped"},
		{"another recording", task("other.wav", annotation(region(4410, "kick"))), "skipped"},
		{"nobody was here", task("take-000.wav", `"annotations":[]`), "fails"},
		{"no tasks", `{"a":1}`, "fails"},
		{"no JSON", `onset,label`, "fails"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := readWords(t, d, tc.tasks); got != tc.want {
				t.Errorf("it says %q, want %q", got, tc.want)
			}
		})
	}
}

// readWords returns what tasks say: "onset-end class by who" of each label,
// "skipped" and "fails".
func readWords(t *testing.T, d testDesk, tasks string) string {
	said, skips, err := readTasks(d, folderOf(t, map[string]string{"tasks.json": tasks}))
	got := []string{}
	for _, s := range said {
		for _, l := range s.labels {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d-%d %s %s %s", l.Onset, l.End, l.Class, l.By, l.Who)))
		}
		if !s.whole {
			got[0] = "in part " + got[0]
		}
	}
	if len(skips) > 0 {
		got = append(got, "skipped")
	}
	if err != nil {
		got = append(got, "fails")
	}
	return strings.Join(got, ",")
}

// readTasks reads tasks.json of a folder.
func readTasks(d testDesk, dir string) ([]account, []data.Skip, error) {
	r := fileReader{catalog: d.Catalog, file: labelFile{filepath.Join(dir, "tasks.json"), "tasks.json"}, how: words, loudest: d.loudest}
	said, err := r.read()
	return said, r.skips, err
}
