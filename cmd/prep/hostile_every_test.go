//go:build !long

package main

// everyHostile has every command run on every hostile set; without, those that read
// what is hostile in it.
const everyHostile = false
