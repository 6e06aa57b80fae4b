package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The transforms of Winograd's minimal filtering (Lavin & Gray 2016) in one dimension, factored so
// that the points +p and -p share their even and odd parts. Tests hold them against the matrices that
// prep/train/conv makes from the points.
//
// A line is called with its inputs in registers and hands each output to emit as soon as it is known,
// to keep AVX2 within 16 registers.
type line func(s arithmetic, d []vec, emit func(i int, x vec))

func winograd(s isa) {
	for _, points := range []int{8, 6} {
		transform(s, fmt.Sprint("winogradInput", points), points, inputLine(points))
		transform(s, fmt.Sprint("winogradOutput", points), points, outputLine(points))
		transform(s, fmt.Sprint("winogradGradient", points), 4, gradientLine(points))
	}
}

// arithmetic is vector arithmetic with constants: in registers where there are enough, else in memory.
type arithmetic struct {
	isa
	held map[float32]vec
}

func (s arithmetic) constant(f float32) Op {
	if s.registers == 16 {
		return constant(f)
	}
	return s.held[f]
}

// hold loads the constants a transform uses. Those of all transforms fit beside its work.
func (s arithmetic) hold() {
	if s.registers == 16 {
		return
	}
	for _, f := range []float32{0.125, 0.25, 0.5, 2, 4, 5, 8, 1.25, 2.5, 4.25, 5.25} {
		s.held[f] = s.vec()
		VBROADCASTSS(constant(f), s.held[f])
	}
}

func (s arithmetic) add(a, b vec) vec { r := s.vec(); VADDPS(b, a, r); return r }
func (s arithmetic) sub(a, b vec) vec { r := s.vec(); VSUBPS(b, a, r); return r }

func (s arithmetic) copy(x vec) vec           { r := s.vec(); VMOVAPS(x, r); return r }
func (s arithmetic) mul(f float32, x vec) vec { r := s.vec(); VMULPS(s.constant(f), x, r); return r }

// plus adds f x to sum, in place.
func (s arithmetic) plus(sum vec, f float32, x vec) vec {
	VFMADD231PS(s.constant(f), x, sum)
	return sum
}

// minus subtracts f x from sum, in place.
func (s arithmetic) minus(sum vec, f float32, x vec) vec {
	VFNMADD231PS(s.constant(f), x, sum)
	return sum
}

// both emits even + odd and even - odd, the values at a point and at its negative.
func (s arithmetic) both(even, odd vec, i int, emit func(int, vec)) {
	emit(i, s.add(even, odd))
	emit(i+1, s.sub(even, odd))
}

// inputLine is B transposed: for 8 points 0, +-1, +-2, +-1/2, infinity; for 6 without the halves.
func inputLine(points int) line {
	if points == 6 {
		return func(s arithmetic, d []vec, emit func(int, vec)) {
			emit(0, s.add(s.minus(s.mul(4, d[0]), 5, d[2]), d[4]))
			emit(5, s.add(s.minus(s.mul(4, d[1]), 5, d[3]), d[5]))
			s.both(s.minus(s.copy(d[4]), 4, d[2]), s.minus(s.copy(d[3]), 4, d[1]), 1, emit)
			s.both(s.sub(d[4], d[2]), s.mul(2, s.sub(d[3], d[1])), 3, emit)
		}
	}
	return func(s arithmetic, d []vec, emit func(int, vec)) {
		emit(0, s.plus(s.sub(d[0], d[6]), 5.25, s.sub(d[4], d[2])))
		emit(7, s.plus(s.sub(d[7], d[1]), 5.25, s.sub(d[3], d[5])))
		s.both(s.minus(s.add(d[2], d[6]), 4.25, d[4]), s.minus(s.add(d[1], d[5]), 4.25, d[3]), 1, emit)
		s.both(s.add(s.minus(s.mul(0.25, d[2]), 1.25, d[4]), d[6]),
			s.plus(s.minus(s.mul(0.5, d[1]), 2.5, d[3]), 2, d[5]), 3, emit)
		s.both(s.add(s.minus(s.mul(4, d[2]), 5, d[4]), d[6]),
			s.plus(s.minus(s.mul(2, d[1]), 2.5, d[3]), 0.5, d[5]), 5, emit)
	}
}

// outputLine is A transposed: powers of the points, the last input being the point at infinity.
func outputLine(points int) line {
	return func(s arithmetic, m []vec, emit func(int, vec)) {
		even1, odd1 := s.add(m[1], m[2]), s.sub(m[1], m[2])
		even2, odd2 := s.add(m[3], m[4]), s.sub(m[3], m[4])
		sum := s.add(s.add(m[0], even1), even2)
		if points == 6 {
			emit(0, sum)
			emit(3, s.plus(s.add(m[5], odd1), 8, odd2))
			emit(1, s.plus(odd1, 2, odd2))
			emit(2, s.plus(even1, 4, even2))
			return
		}
		even3, odd3 := s.add(m[5], m[6]), s.sub(m[5], m[6])
		emit(0, s.add(sum, even3))
		emit(3, s.plus(s.plus(s.add(m[7], odd1), 8, odd2), 0.125, odd3))
		emit(1, s.plus(s.plus(odd1, 2, odd2), 0.5, odd3))
		emit(2, s.plus(s.plus(even1, 4, even2), 0.25, even3))
	}
}

// gradientLine is A: the transpose of outputLine.
func gradientLine(points int) line {
	return func(s arithmetic, y []vec, emit func(int, vec)) {
		s.both(s.add(y[0], y[2]), s.add(y[1], y[3]), 1, emit)
		s.both(s.add(s.mul(4, y[2]), y[0]), s.plus(s.mul(2, y[1]), 8, y[3]), 3, emit)
		if points == 8 {
			s.both(s.add(s.mul(0.25, y[2]), y[0]), s.plus(s.mul(0.5, y[1]), 0.125, y[3]), 5, emit)
		}
		emit(0, y[0])
		emit(points-1, y[3])
	}
}
