package page

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
	"prep/data/disk"
)

// servedSick makes the disk of the program that serves a page fail at times.
const servedSick = "PREP_SERVED_SICK"

// failAtTimes makes one sync of the journal in nine fail.
func failAtTimes(set *data.Set) {
	var syncs atomic.Int64
	disk.Inject(func(op disk.Op, path string) error {
		if op == disk.OpSync && filepath.Base(path) == data.LabelsFile && syncs.Add(1)%9 == 0 {
			return syscall.EIO
		}
		return nil
	})
}

// told is what clients were told of their acts.
type told struct {
	sync.Mutex
	saved, unsaved map[string]bool
}

// label names hits in a way of its own until it is stopped: an act that got no answer is asked
// for again under its name, as the page does.
func (to *told) label(t *testing.T, address string, who int, stop <-chan struct{}) {
	client := &http.Client{Timeout: patience}
	for n := 0; ; n++ {
		act := fmt.Sprintf("c%d/%d", who, n)
		for status, text := 0, ""; status == 0; {
			select {
			case <-stop:
				return
			default:
			}
			status, text = ask(t, client, address, fmt.Sprintf(`{"id":%q,"do":"label","ids":[%q],"class":"%s"}`, act, id(1+who), strings.ReplaceAll(act, "/", "-")))
			to.Lock()
			switch {
			case status == http.StatusOK:
				to.saved[act] = true
			case strings.Contains(text, "not saved"):
				to.unsaved[act] = true
			case status != 0:
				t.Errorf("%s: %d %s", act, status, text)
			default:
				to.Unlock()
				time.Sleep(10 * time.Millisecond)
				continue
			}
			to.Unlock()
		}
	}
}

// judge wants the journal to have what was told as saved, once, and nothing that was told as not
// saved.
func (to *told) judge(t *testing.T, dir string) {
	t.Helper()
	to.Lock()
	saved, unsaved := len(to.saved), len(to.unsaved)
	labels, err := data.At(dir).Labels()
	check(t, err)
	times := map[string]int{}
	for _, l := range labels {
		times[l.Act]++
	}
	for act := range to.saved {
		if times[act] != 1 {
			t.Errorf("%s was told as saved, and is there %d times", act, times[act])
		}
	}
	for act := range to.unsaved {
		if times[act] != 0 {
			t.Errorf("%s was told as not saved, and is there", act)
		}
	}
	for act, n := range times {
		if n > 1 {
			t.Errorf("%s is there %d times", act, n)
		}
	}
	to.Unlock()
	if saved == 0 {
		t.Errorf("%d acts were told as saved, %d as not saved", saved, unsaved)
	}
}

// While ten clients label, on a disk that fails at times, the program is killed again and again:
// all that was told as saved is there once, and nothing that was told as not saved.
// $PREP_KILLS has it killed more often.
func TestKillsAmongTen(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("PREP_KILLS")); err == nil {
		kills = n
	}
	set := datatest.NewBursts(t, 12)
	dir := set.Path()
	set.Close()
	server, address := startServer(t, dir, servedSick+"=1")
	to := &told{saved: map[string]bool{}, unsaved: map[string]bool{}}
	stop, all := make(chan struct{}), sync.WaitGroup{}
	for who := range 10 {
		all.Go(func() { to.label(t, address, who, stop) })
	}
	random := rand.New(rand.NewPCG(3, 5))
	for range kills {
		time.Sleep(time.Duration(50+random.IntN(250)) * time.Millisecond)
		check(t, server.Process.Kill())
		server.Wait()
		to.judge(t, dir)
		server, _ = startServer(t, dir, servedSick+"=1")
	}
	time.Sleep(200 * time.Millisecond)
	close(stop)
	all.Wait()
	server.Process.Kill()
	server.Wait()
	to.judge(t, dir)
	if len(to.unsaved) == 0 {
		t.Error("the disk never failed")
	}
	t.Logf("%d kills: %d acts told as saved, %d as not saved", kills, len(to.saved), len(to.unsaved))
}
