//go:build long

package main

// everyHostile has every command run on every hostile set.
const everyHostile = true
