//go:build long

package main

const hitsThatTravel = 1400
