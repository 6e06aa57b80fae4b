package studio

import (
	"os/exec"
	"runtime"
)

// Browse opens an address in the person's browser, where there is one.
func Browse(url string) error {
	command := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open"}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	c := exec.Command(command[0], append(command[1:], url)...)
	if err := c.Start(); err != nil {
		return err
	}
	go c.Wait()
	return nil
}
