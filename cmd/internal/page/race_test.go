//go:build race

package page

// slowed is how many times longer a program takes that watches for races.
const slowed = 10
