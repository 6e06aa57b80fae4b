package page

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Guard is who may ask.
type Guard struct {
	Token string   // the first element of every path
	Hosts []string // the values of Host that are answered
}

// NewGuard returns a guard of a port of this machine, with a token that nobody
// knows.
func NewGuard(port int) Guard {
	return Guard{rand.Text(), []string{fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("localhost:%d", port)}}
}

// URL returns the address that is let in.
func (g Guard) URL() string { return fmt.Sprintf("http://%s/%s/", g.Hosts[0], g.Token) }

// headers keep a browser from loading anything from elsewhere, and others from
// showing the page inside theirs.
func (g Guard) headers(h http.Header) {
	sockets := " ws://" + strings.Join(g.Hosts, " ws://")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"+sockets+"; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", "microphone=(self)")
}

// admit returns the path below the token of a request that comes from the
// page: to a host and from an origin of ours, and with the token. A page of
// another site can make a browser send requests here, and can point a name of
// its own at this address; it knows neither token nor host.
func (g Guard) admit(r *http.Request) (rest string, ok bool) {
	if !slices.Contains(g.Hosts, r.Host) {
		return "", false
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+r.Host || origin == "" && r.Method != http.MethodGet {
		return "", false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return "", false
	}
	token, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return rest, found && sameToken(token, g.Token)
}

// sameToken compares in constant time. No token is like no other.
func sameToken(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
