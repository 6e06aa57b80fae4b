package decode

import (
	"errors"

	"prep/ingest/decode/aac"
)

// aacBlocks decodes blocks of AAC.
type aacBlocks struct {
	dec      *aac.Decoder
	channels int
}

func newAACBlocks(c aac.Config) aacBlocks { return aacBlocks{aac.NewDecoder(c), c.Channels} }

func (a aacBlocks) decode(dst []float32, block []byte) (int, error) {
	_, err := a.dec.Decode(dst[:a.most()], block)
	return a.most(), err
}

func (a aacBlocks) most() int { return aac.Frame * a.channels }

// probeAAC looks into the first blocks of a stream for what its configuration
// does not say: how many channels there are, and HE-AAC, which is no more than what
// other decoders pass over. It returns the configuration that is true. A stream
// whose first blocks are all damaged is none.
func probeAAC(c aac.Config, p packets) (aac.Config, error) {
	var dec *aac.Decoder
	var dst []float32
	seen, good := 0, 0
	for ; seen < probedBlocks; seen++ {
		block, err := p.next()
		if err != nil {
			break
		}
		if dec == nil {
			if c, err = c.Complete(block); err != nil {
				return c, refusal(err)
			}
			dec, dst = aac.NewDecoder(c), make([]float32, aac.Frame*c.Channels)
		}
		_, err = dec.Decode(dst, block)
		if kind := aac.Unsupported(""); errors.As(err, &kind) {
			return c, refusal(err)
		}
		if err == nil {
			good++
		}
	}
	if seen > 0 && good == 0 {
		return c, refusal(aac.ErrDamaged)
	}
	return c, nil
}

// probedBlocks are enough to meet HE-AAC: it is in every block that sounds.
const probedBlocks = 16
