package decode

import (
	"errors"
	"fmt"

	"prep/ingest/decode/aac"
	"prep/ingest/decode/mp4"
)

// refusal returns an error of the packages below as one of this package's kinds,
// and any other as it is.
func refusal(err error) error {
	var coding aac.Unsupported
	var container mp4.Unsupported
	switch {
	case errors.As(err, &coding):
		return &UnsupportedError{Codec: string(coding)}
	case errors.As(err, &container):
		return &UnsupportedError{Codec: string(container)}
	case errors.Is(err, aac.ErrDamaged):
		return brokenf("its AAC contradicts itself")
	case errors.Is(err, mp4.ErrNoSound):
		return fmt.Errorf("%w: a film or a picture without sound", ErrNotAudio)
	case errors.Is(err, mp4.ErrBroken):
		return brokenf("%s", err.Error()[len(mp4.ErrBroken.Error())+2:])
	}
	return err
}
