package page

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"prep/data"
)

// The stream is how a microphone reaches the program: a WebSocket (RFC 6455) that carries
// samples one way, in binary messages of little-endian float32, and words the other.
//
//	browser  {"rate":48000,"take":{...}}   what is to come; without a take it is only listened to
//	program  {"have":0}                    from which sample on it is wanted; again, as samples are kept
//	browser  samples ...
//	program  {"hit":{...}}                 a hit, as it is named
//	browser  {"end":true}                  that was all
//	program  {"end":true}                  everything is kept and named
//
// A take whose connection breaks is gone on with by another stream with the take's ID.

// opening is the browser's first message.
type opening struct {
	Rate data.Rate `json:"rate"`
	Take *Take     `json:"take"`
}

// word is a message of the program.
type word struct {
	Have  *int   `json:"have,omitempty"`
	Hit   *Heard `json:"hit,omitempty"`
	End   bool   `json:"end,omitempty"`
	Error string `json:"error,omitempty"`
}

const (
	maxMessage = 1 << 20 // bytes: 5 s at 48 kHz
	silence    = 20 * time.Second
	keptEvery  = 500 * time.Millisecond
)

// microphone is one connection.
type microphone struct {
	conn     *websocket.Conn
	recorder Recorder // nil where nothing is kept
	told     time.Time
	mu       sync.Mutex // of writing
}

func (p *Page) serveStream(w http.ResponseWriter, r *http.Request) error {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return nil // it has answered
	}
	defer conn.CloseNow()
	p.crowd.set(r.Context(), listening)
	conn.SetReadLimit(maxMessage)
	s := &microphone{conn: conn}
	if err := s.run(r.Context(), p.config.Workshop); err != nil && r.Context().Err() == nil {
		s.say(r.Context(), word{Error: err.Error()})
		conn.Close(websocket.StatusNormalClosure, "")
	}
	return nil
}

func (s *microphone) say(ctx context.Context, m word) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}

// run answers a connection from its first message to its last.
func (s *microphone) run(ctx context.Context, shop Workshop) (err error) {
	var o opening
	_, text, err := s.read(ctx)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	have := 0
	if o.Take != nil {
		o.Take.Rate = o.Rate
		if s.recorder, err = shop.Record(*o.Take); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.recorder.Close()) }()
		have = s.recorder.Have()
	}
	if err := s.say(ctx, word{Have: &have}); err != nil {
		return err
	}
	ear := newEar()
	done := make(chan error, 1)
	go func() {
		done <- shop.Listen(o.Rate, ear, func(h Heard) error { return s.say(ctx, word{Hit: &h}) })
		ear.stop()
	}()
	err = s.hear(ctx, ear)
	ear.Close()
	if listened := <-done; err == nil && s.recorder == nil {
		err = listened
	}
	if err != nil {
		return err
	}
	return s.end(ctx)
}

// hear takes in samples until the browser says that those were all.
func (s *microphone) hear(ctx context.Context, ear *ear) error {
	for {
		kind, content, err := s.read(ctx)
		if err != nil || kind == websocket.MessageText {
			return err
		}
		if len(content)%4 != 0 {
			return errors.New("a message is cut within a sample")
		}
		if s.recorder != nil {
			if err := s.recorder.Append(content); err != nil {
				return err
			}
			if time.Since(s.told) > keptEvery {
				s.told = time.Now()
				have := s.recorder.Have()
				if err := s.say(ctx, word{Have: &have}); err != nil {
					return err
				}
			}
		}
		ear.Write(content)
	}
}

// end says that all is kept.
func (s *microphone) end(ctx context.Context) error {
	last := word{End: true}
	if s.recorder != nil {
		if err := s.recorder.Close(); err != nil {
			return err
		}
		have := s.recorder.Have()
		last.Have = &have
	}
	if err := s.say(ctx, last); err != nil {
		return err
	}
	return s.conn.Close(websocket.StatusNormalClosure, "")
}

// read returns the next message; a browser that is silent for long is gone.
func (s *microphone) read(ctx context.Context) (websocket.MessageType, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	return s.conn.Read(ctx)
}

// ear is a pipe that never makes its writer wait: keeping samples comes before naming them.
type ear struct {
	mu      sync.Mutex
	more    *sync.Cond
	waiting []byte
	closed  bool
	deaf    bool
}

// maxWaiting bounds what waits to be listened to: 20 s at 48 kHz. A program that is further
// behind hears no more.
const maxWaiting = 4 << 20

func newEar() *ear {
	e := &ear{}
	e.more = sync.NewCond(&e.mu)
	return e
}

// Write hands samples on.
func (e *ear) Write(content []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.deaf = e.deaf || len(e.waiting)+len(content) > maxWaiting; !e.deaf {
		e.waiting = append(e.waiting, content...)
	}
	e.more.Signal()
}

// Read waits for samples. It ends when there will be no more.
func (e *ear) Read(to []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.waiting) == 0 && !e.closed && !e.deaf {
		e.more.Wait()
	}
	if len(e.waiting) == 0 {
		return 0, io.EOF
	}
	n := copy(to, e.waiting)
	e.waiting = e.waiting[:copy(e.waiting, e.waiting[n:])]
	return n, nil
}

// Close says that no more samples come.
func (e *ear) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.more.Broadcast()
}

// stop says that nobody reads any more.
func (e *ear) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.deaf, e.waiting = true, nil
}
