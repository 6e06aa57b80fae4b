package decode

// Kinds of lacing: how a block of Matroska holds several packets (RFC 9559,
// 10.3).
const (
	laceNone = iota
	laceXiph
	laceFixed
	laceEBML
)

// unlace cuts a block into its packets.
func unlace(b []byte, lacing byte) (packets [][]byte, err error) {
	if lacing == laceNone {
		return [][]byte{b}, nil
	}
	if len(b) == 0 {
		return nil, errPacket
	}
	count, b := int(b[0])+1, b[1:]
	var sizes []int
	switch lacing {
	case laceXiph:
		sizes, b, err = xiphSizes(b, count-1)
	case laceEBML:
		sizes, b, err = ebmlSizes(b, count-1)
	default:
		if len(b)%count != 0 {
			return nil, errPacket
		}
		for range count - 1 {
			sizes = append(sizes, len(b)/count)
		}
	}
	for _, size := range sizes {
		if err != nil || size < 0 || size > len(b) {
			return nil, errPacket
		}
		packets = append(packets, b[:size])
		b = b[size:]
	}
	return append(packets, b), err
}

// xiphSizes reads sizes that are sums of bytes up to one below 255.
func xiphSizes(b []byte, count int) (sizes []int, rest []byte, err error) {
	for range count {
		size := 0
		for {
			if len(b) == 0 {
				return nil, nil, errPacket
			}
			c := b[0]
			b = b[1:]
			size += int(c)
			if c < 255 {
				break
			}
		}
		sizes = append(sizes, size)
	}
	return sizes, b, nil
}

// ebmlSizes reads a size and its differences to the next ones.
func ebmlSizes(b []byte, count int) (sizes []int, rest []byte, err error) {
	size := 0
	for i := range count {
		v, n := vintAt(b)
		if n == 0 || n > 4 {
			return nil, nil, errPacket
		}
		b = b[n:]
		if i > 0 {
			v -= 1<<(7*n-1) - 1 // differences are stored above the least of their length
		}
		size += int(int64(v))
		sizes = append(sizes, size)
	}
	return sizes, b, nil
}
