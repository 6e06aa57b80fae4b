package segment

import "prep/data"

// Stream calls fn with the hits of a recording that may still be going on, each
// as soon as it has sounded and a causal detector is sure of it: nothing later
// than Latency after its onset is read. No hit is cut by the next, of which
// nothing is known yet; otherwise they are those that Hits finds when c is
// Causal. It ends with the recording, or with the first error of r or fn.
func (c Config) Stream(r data.Reader, fn func(data.Hit) error) error {
	c.Causal = true
	return c.eachAttack(r, 1, func(a attack, last int) error {
		h := c.hit(r, a, last)
		if err := c.measure(r, &h); err != nil {
			return err
		}
		return fn(h)
	})
}
