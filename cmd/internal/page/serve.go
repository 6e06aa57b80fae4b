package page

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Serve answers requests until ctx ends, then lets go of who is still
// connected after two seconds. It fails where the listener does.
func (p *Page) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: p, ReadHeaderTimeout: headerMost, IdleTimeout: idleMost, ConnContext: p.crowd.admit, ConnState: p.crowd.note,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if s.Shutdown(last) != nil {
		s.Close()
	}
	return nil
}
