package page

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"prep/data/datatest"
)

// visitor is who comes, stays in a way of its own, and goes.
type visitor struct {
	name string
	// says what it sends to a page of a host below a path, and whether it takes the answer.
	says  func(host, path string) string
	takes bool
}

var visitors = []visitor{
	{"silent", func(_, _ string) string { return "" }, false},
	{"half a head", func(host, path string) string { return "GET " + path + "state HTTP/1.1\r\nHost: " + host + "\r\nX-" }, false},
	{"half a body", func(host, path string) string { return post(host, path+"act") }, false},
	{"a stranger's half body", func(host, _ string) string { return post(host, "/nobody/act") }, false},
	{"a body where none belongs", func(host, path string) string {
		return "GET " + path + "state HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 100000\r\n\r\n{"
	}, true},
	{"deaf", func(host, path string) string { return get(host, path+"audio?rec=0000000000000001&from=0&to=2000000") }, false},
	{"deaf to events", func(host, path string) string { return get(host, path+"events?tab=deaf") }, false},
	{"a microphone that says nothing", func(host, path string) string {
		return "GET " + path + "stream HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	}, false},
	{"a reader", func(host, path string) string { return get(host, path+"state") }, true},
}

func get(host, path string) string { return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n" }

func post(host, path string) string {
	return "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\nContent-Length: 100000\r\n\r\n{\"do\":"
}

// stay comes and goes until the party is over.
func (g visitor) stay(n int, at *url.URL, over <-chan struct{}) {
	for visit := 0; ; visit++ {
		conn, err := net.Dial("tcp", at.Host)
		if err == nil {
			conn.SetDeadline(time.Now().Add(time.Minute))
			io.WriteString(conn, g.says(at.Host, at.Path))
			if g.takes {
				go io.Copy(io.Discard, conn)
			}
		}
		select {
		case <-over:
		case <-time.After(time.Duration(200+(n*37+visit*101)%3000) * time.Millisecond):
		}
		if err == nil {
			conn.Close()
		}
		select {
		case <-over:
			return
		default:
		}
	}
}

// openFiles returns how many descriptors a process has open, and its memory in MB.
func openFiles(t *testing.T, pid int) (files, mb int) {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	all, err := os.ReadDir(filepath.Join(proc, "fd"))
	check(t, err)
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	check(t, err)
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	kb, err := strconv.Atoi(string(bytes.Fields(rest)[0]))
	check(t, err)
	return len(all), kb >> 10
}

// labelAmong labels through a crowd for a while, by new connections and by one that stays in
// turn, and returns how long each took, sorted. A request without an answer is sent again, as the
// page does; resent is how many were.
func labelAmong(t *testing.T, address string, last time.Duration, look func()) (took []time.Duration, resent int) {
	t.Helper()
	staying := &http.Client{Timeout: patience}
	coming := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	for end, n := time.Now().Add(last), 0; time.Now().Before(end); n++ {
		begun := time.Now()
		act := fmt.Sprintf(`{"id":"true/%d","do":"label","ids":[%q],"class":%q}`, n, id(1+n%400), []string{"kick", "hat"}[n/400%2])
		status, text := ask(t, []*http.Client{coming, staying}[n%2], address, act)
		for ; status == 0 && time.Since(begun) < patience; resent++ {
			status, text = ask(t, coming, address, act)
		}
		took = append(took, time.Since(begun))
		if status != http.StatusOK {
			t.Fatalf("label %d: %d %s", n, status, text)
		}
		look()
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(took)
	return took, resent
}

// ask asks for an act; 0 is the status of no answer.
func ask(t *testing.T, by *http.Client, address, act string) (int, string) {
	t.Helper()
	q, err := http.NewRequest(http.MethodPost, address+"act", strings.NewReader(act))
	check(t, err)
	q.Header.Set("Origin", "http://"+q.URL.Host)
	r, err := by.Do(q)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	text, err := io.ReadAll(bufio.NewReader(r.Body))
	if err != nil {
		return 0, err.Error()
	}
	return r.StatusCode, string(text)
}

// Hundreds of visitors come, go and stall, in a program that may open 1024 files: every label is saved
// meanwhile, and when they are gone nothing of them is left.
// $PREP_CROWD makes it a thousand for that long.
func TestCrowd(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("descriptors are counted in /proc")
	}
	many, last := 300, 3*time.Second
	if d, err := time.ParseDuration(os.Getenv("PREP_CROWD")); err == nil {
		many, last = 1000, d
	}
	set := datatest.NewBursts(t, 400)
	dir := set.Path()
	set.Close()
	server, address := startCommand(t, func() *exec.Cmd { return exec.Command("sh", "-c", `ulimit -n 1024; exec "$0"`, os.Args[0]) },
		[]string{servedSet + "=" + dir})
	defer func() { server.Process.Kill(); server.Wait() }()
	alone, _ := labelAmong(t, address, time.Second, func() {})
	files, mb := openFiles(t, server.Process.Pid)
	mostFiles, mostMB := files, mb
	over, all := make(chan struct{}), sync.WaitGroup{}
	at, err := url.Parse(address)
	check(t, err)
	for n := range many {
		all.Go(func() { visitors[n%len(visitors)].stay(n, at, over) })
	}
	took, resent := labelAmong(t, address, last, func() {
		f, m := openFiles(t, server.Process.Pid)
		mostFiles, mostMB = max(mostFiles, f), max(mostMB, m)
	})
	close(over)
	all.Wait()
	var left, leftMB int
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(50 * time.Millisecond) {
		if left, leftMB = openFiles(t, server.Process.Pid); left <= files+1 {
			break
		}
	}
	median, slow, worst := took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
	t.Logf("%d visitors for %v: %d labels, %d sent again, median %v, 99 %% within %v, worst %v (alone %v); descriptors %d, %d at most, %d after; MB %d, %d at most, %d after",
		many, last, len(took), resent, median, slow, worst, alone[len(alone)/2], files, mostFiles, left, mb, mostMB, leftMB)
	if left > files+1 || mostFiles > files+2*seats || mostMB > 200 {
		t.Error("the visitors left something behind, or took too much")
	}
	if median > time.Second || resent > max(len(took)/20, 1) || worst > patience {
		t.Error("the visitors keep labels out")
	}
}
