package labelfile

// decoding is how the bytes of a file become text.
type decoding struct {
	isText bool
}

func (d decoding) text(b []byte) string { return string(b) }

// decodingOf returns how a file is decoded.
func decodingOf(content []byte, encoding string) (decoding, []string, error) {
	return decoding{true}, nil, nil
}
