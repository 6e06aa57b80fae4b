//go:build long

package main

func init() { everyKill = true }
