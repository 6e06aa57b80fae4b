package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"prep/data"
	"prep/data/disk"
)

// SessionFile holds where a set's page was served last: a page that is still open finds the
// program again when that is started anew. Nobody but its owner may read it.
const SessionFile = "label.session"

// session is what SessionFile says.
type session struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

// Listen takes a port of this machine for the page of a set, which must be open for writing:
// the given one or, where that is 0, the one before, while it is free, or any other. The guard
// has the token of the time before, if there was one.
func Listen(set *data.Set, port int) (net.Listener, Guard, error) {
	last := readSession(set.Path(SessionFile))
	l, err := take(port, last.Port, set.Path())
	if err != nil {
		return nil, Guard{}, err
	}
	now := session{Port: l.Addr().(*net.TCPAddr).Port, Token: last.Token}
	guard := NewGuard(now.Port)
	if len(now.Token) < len(guard.Token) {
		now.Token = guard.Token
	}
	guard.Token = now.Token
	if now != last {
		if err := now.write(set.Path(SessionFile)); err != nil {
			l.Close()
			return nil, Guard{}, err
		}
	}
	return l, guard, nil
}

// Ports that a page is served at first. They lie below those that systems give to whoever asks for
// any: one of these could be in use by the time that the program is started again, by a
// browser that looks for the page at that very port, too.
const firstPort, ports, portsTried = 17100, 800, 64

// take takes the given port; where that is 0, the one before, else one of the set's own that
// stays free, else any.
func take(port, before int, set string) (net.Listener, error) {
	if port != 0 {
		return listen(port)
	}
	if before > 0 && before < 1<<16 {
		if l, err := listen(before); err == nil {
			return l, nil
		}
	}
	own := fnv.New32a()
	own.Write([]byte(set))
	for i := range portsTried {
		if l, err := listen(firstPort + (int(own.Sum32()%ports)+i)%ports); err == nil {
			return l, nil
		}
	}
	return listen(0)
}

// readSession returns what a session file says. One that is damaged, a link, or open to
// others says nothing.
func readSession(path string) (s session) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return s
	}
	if text, err := disk.ReadFile(path); err != nil || json.Unmarshal(text, &s) != nil {
		return session{}
	}
	return s
}

// write writes the file anew, so that nothing is written through a link and nobody else could
// ever read it.
func (s session) write(path string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := disk.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := disk.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(path))
}

// listen takes a port of this machine, 0 for any.
func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is taken by another program; choose another with --port, or none for a free one", port)
	}
	return l, err
}
