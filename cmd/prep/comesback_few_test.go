//go:build !long

package main

// hitsThatTravel is 1400 with the build tag `long`.
const hitsThatTravel = 140
