package page

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// How long the program waits for who is connected. A page on the same machine takes
// milliseconds.
const (
	headerMost = 10 * time.Second // until all of a request's head is there
	bodyMost   = 20 * time.Second // until all of a body is there, or more of a file
	idleMost   = time.Minute      // between requests
	answerMost = 20 * time.Second // until a piece of an answer is taken
	strangers  = time.Second      // for the rest of what is refused
)

const (
	// seats bounds connections: a browser has 6 for requests to a host, beside those of
	// microphones. Each may have a file of the set open, and a process often has 1024.
	seats = 256
	// listeners bounds those who stay, when seats are scarce: the others must have room to
	// come and go.
	listeners = seats / 4
	// ahead is how many bytes of an answer the system keeps for who has not taken them yet; its own
	// choice is megabytes, for which somebody who takes nothing has audio read.
	ahead = 1 << 17
	// grace is how long a connection may be silent and yet keep its seat.
	grace = 100 * time.Millisecond
)

// crowd is who is connected. When all seats are taken, who is waited for longest goes for who
// comes: so neither silence nor half a request keeps a true one out.
type crowd struct {
	mu    sync.Mutex
	seats []*caller // in the order that they came
}

// caller is one connection, which has a seat.
type caller struct {
	conn     net.Conn
	waited   time.Time // since when the program waits for the other side; zero while it is at work for it
	rank     rank
	hijacked bool
}

// rank is who a connection is of: lower ones lose their seats first.
type rank int

const (
	stranger rank = iota // has not shown the token
	guest                // has
	listener             // to events, or a microphone: it stays, and connects again by itself
)

// seatKey is the key of a request's seat in its context.
type seatKey struct{}

// admit gives a new connection a seat. It makes its caller, who accepts connections, wait while
// all are taken by those who came just now.
func (c *crowd) admit(ctx context.Context, conn net.Conn) context.Context {
	for !c.makeRoom() && ctx.Err() == nil {
		time.Sleep(grace / 20)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(ahead) // a wish: the system has a size of its own
	}
	s := &caller{conn: conn, waited: time.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seats = append(c.seats, s)
	return context.WithValue(ctx, seatKey{}, s)
}

// makeRoom reports whether there is a seat for one more, after it has taken one if need be.
func (c *crowd) makeRoom() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seats) < seats {
		return true
	}
	listening := 0
	for _, s := range c.seats {
		if s.rank == listener {
			listening++
		}
	}
	var out *caller
	for _, s := range c.seats {
		mayGo := !s.waited.IsZero() && time.Since(s.waited) > grace && (listening <= listeners || s.rank == listener)
		if mayGo && (out == nil || s.goesBefore(out)) {
			out = s
		}
	}
	if out == nil {
		return false
	}
	out.conn.Close()
	c.remove(out)
	return true
}

// goesBefore reports whether s is to lose its seat rather than t: it is of lower rank, or has
// been waited for longer.
func (s *caller) goesBefore(t *caller) bool {
	if s.rank != t.rank {
		return s.rank < t.rank
	}
	return s.waited.Before(t.waited)
}

// remove takes a seat away. The caller holds the lock.
func (c *crowd) remove(s *caller) {
	if i := slices.Index(c.seats, s); i >= 0 {
		c.seats = slices.Delete(c.seats, i, i+1)
	}
}

// note is told what becomes of connections.
func (c *crowd) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.seats, func(s *caller) bool { return s.conn == conn })
	switch {
	case i < 0:
	case state == http.StateClosed:
		c.seats = slices.Delete(c.seats, i, i+1)
	case state == http.StateHijacked:
		c.seats[i].hijacked = true
	}
}

// set changes what is known of a request's connection.
func (c *crowd) set(ctx context.Context, fn func(*caller)) {
	if s, ok := ctx.Value(seatKey{}).(*caller); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		fn(s)
	}
}

func waiting(s *caller) { s.waited = time.Now() }
func working(s *caller) {
	if s.rank != listener {
		s.waited = time.Time{}
	}
}
func welcome(s *caller)   { s.rank = guest }
func listening(s *caller) { s.waited, s.rank = time.Now(), listener }

// leave is when a request has been answered: the next one is waited for, if the connection is
// one for requests still.
func (c *crowd) leave(ctx context.Context) {
	c.set(ctx, func(s *caller) {
		if s.hijacked {
			c.remove(s)
		}
		waiting(s)
		s.rank = min(s.rank, guest)
	})
}

// serve answers a request with limits on how long its body and the taking of its answer last.
func (c *crowd) serve(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	defer c.leave(r.Context())
	limits := http.NewResponseController(w)
	if r.ContentLength != 0 {
		limits.SetReadDeadline(time.Now().Add(bodyMost))
		r.Body = &patientBody{r.Body, c, r.Context(), limits}
	}
	c.set(r.Context(), working)
	answer(&patientAnswer{w, c, r.Context(), limits}, r)
}

// patientBody is a body that is waited for while it is read.
type patientBody struct {
	io.ReadCloser
	crowd  *crowd
	ctx    context.Context
	limits *http.ResponseController
}

// Read implements io.Reader.
func (b *patientBody) Read(p []byte) (int, error) {
	b.crowd.set(b.ctx, waiting)
	defer b.crowd.set(b.ctx, working)
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.limits.SetReadDeadline(time.Time{}) // nothing more is waited for
	}
	return n, err
}

// patientAnswer is an answer that must be taken.
type patientAnswer struct {
	http.ResponseWriter
	crowd  *crowd
	ctx    context.Context
	limits *http.ResponseController
}

// Write implements io.Writer.
func (a *patientAnswer) Write(p []byte) (int, error) {
	a.limits.SetWriteDeadline(time.Now().Add(answerMost))
	a.crowd.set(a.ctx, waiting)
	defer a.crowd.set(a.ctx, working)
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController, and for who takes the connection over.
func (a *patientAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// longer is a reader of a body that may take its time while more of it comes.
type longer struct {
	io.Reader
	limits *http.ResponseController
}

// Read implements io.Reader.
func (l longer) Read(p []byte) (int, error) {
	l.limits.SetReadDeadline(time.Now().Add(bodyMost))
	return l.Reader.Read(p)
}
