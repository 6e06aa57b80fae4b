package predict

import (
	"net"
	"strings"
	"testing"
	"time"

	"prep/data"
)

// A hit comes as a message of OSC 1.0; what is none of the sounds does not come, and nobody
// need listen: that ends nothing.
func TestOSC(t *testing.T) {
	if _, err := NewOSC("nowhere"); err == nil || !strings.Contains(err.Error(), "want host:port") {
		t.Errorf("an address without a port: %v", err)
	}
	ear, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Skipf("no packets can be received here: %v", err)
	}
	o, err := NewOSC(ear.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for _, h := range []Hit{{Class: data.None, Level: -1}, {Class: "kick", Level: -6.5, Probability: .75, Onset: 2}, {Class: "hat", Level: 0, Probability: 1, Onset: .5}} {
		o.Send(h)
	}
	ear.SetReadDeadline(time.Now().Add(time.Minute))
	buf := make([]byte, 200)
	for _, want := range []string{
		"/prep/hit\x00\x00\x00,sfff\x00\x00\x00kick\x00\x00\x00\x00\xc0\xd0\x00\x00\x3f\x40\x00\x00\x40\x00\x00\x00",
		"/prep/hit\x00\x00\x00,sfff\x00\x00\x00hat\x00\x00\x00\x00\x00\x3f\x80\x00\x00\x3f\x00\x00\x00",
	} {
		n, _, err := ear.ReadFrom(buf)
		if err != nil || string(buf[:n]) != want {
			t.Errorf("got %q, %v; want %q", buf[:n], err, want)
		}
	}
	ear.Close()
	for range 3 {
		o.Send(Hit{Class: "kick"})
	}
}
