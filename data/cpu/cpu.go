// Package cpu is the one switch of the kernels in assembly: which of the
// processor's vector instructions are used. It says nothing of processors other
// than amd64's, for which there are none.
package cpu

import (
	"os"

	"golang.org/x/sys/cpu"
)

// Level is how much of a processor is used; each includes those before it.
type Level int

// The levels.
const (
	Generic Level = iota // no kernels: plain Go
	AVX
	AVX2   // and FMA
	AVX512 // F and DQ
)

// names are as PREP_KERNELS gives them.
var names = [...]string{"generic", "avx", "avx2", "avx512"}

// String returns the level's name: "generic", "avx", "avx2" or "avx512".
func (l Level) String() string { return names[l] }

// level is in force.
var level = choose(os.Getenv("PREP_KERNELS"), processor())

// processor returns the level that this processor and operating system run.
func processor() Level {
	x := &cpu.X86
	return levelOf(x.HasAVX, x.HasAVX2 && x.HasFMA, x.HasAVX512F && x.HasAVX512DQ)
}

// levelOf returns the last level up to which a processor has them all.
func levelOf(has ...bool) (l Level) {
	for int(l) < len(has) && has[l] {
		l++
	}
	return l
}

// choose returns the level of a name, and the most where the name is no level's
// or that level is more.
func choose(name string, most Level) Level {
	for l := range most {
		if names[l] == name {
			return l
		}
	}
	return most
}

// Has reports whether kernels may use a level: what the processor has, up to
// the level that the environment variable PREP_KERNELS, read at start, names.
func Has(l Level) bool { return level >= l }

// Limit lets tests take another path: no kernel above the level is used until
// restore is called. Nothing may run meanwhile.
func Limit(l Level) (restore func()) {
	was := level
	level = min(level, l)
	return func() { level = was }
}
