package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"

	"prep/data"
)

// sessionFile holds where a set's page was served last: a page that is still open finds the
// program again when that is started anew. Nobody but its owner may read it.
const sessionFile = "label.session"

// session is what sessionFile says.
type session struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

// Listen takes a port of this machine for the page of a set, which must be open for writing:
// the given one or, where that is 0, the one before, while it is free, or any other. The guard
// has the token of the time before, if there was one.
func Listen(set *data.Set, port int) (net.Listener, Guard, error) {
	var last session
	if text, err := os.ReadFile(set.Path(sessionFile)); err == nil {
		json.Unmarshal(text, &last) // one that is damaged is none
	}
	l, err := listen(port)
	if port == 0 && last.Port > 0 && last.Port < 1<<16 {
		if again, busy := listen(last.Port); busy == nil {
			l.Close()
			l = again
		}
	}
	if err != nil {
		return nil, Guard{}, err
	}
	now := session{Port: l.Addr().(*net.TCPAddr).Port, Token: last.Token}
	guard := NewGuard(now.Port)
	if len(now.Token) < len(guard.Token) {
		now.Token = guard.Token
	}
	guard.Token = now.Token
	text, err := json.Marshal(now)
	if err == nil && now != last {
		err = os.WriteFile(set.Path(sessionFile), text, 0o600)
	}
	if err != nil {
		l.Close()
	}
	return l, guard, err
}

// listen takes a port of this machine, 0 for any.
func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is taken by another program; choose another with --port, or none for a free one", port)
	}
	return l, err
}
