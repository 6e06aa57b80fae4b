//go:build long

package decode

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// refusedKinds are kinds of file that are not decoded, and how ffmpeg makes one.
// Those that it does not make begin as their specifications say; those that it
// does not decode have no command that works.
var refusedKinds = []struct {
	file, codec string
	args        string // of ffmpeg
	content     []byte
	silent      bool // there is no sound in it
}{
	{file: "take.amr", codec: "AMR", content: amrFile(1)},
	{file: "take.awb", codec: "AMR-WB", content: append([]byte("#!AMR-WB\n"), bytes.Repeat(append([]byte{0x44}, make([]byte, 60)...), 50)...)},
	{file: "take.wma", codec: "Windows Media (WMA or video)", args: "-c:a wmav2"},
	{file: "old.wma", codec: "Windows Media (WMA or video)", args: "-c:a wmav1"},
	{file: "take.wmv", codec: "Windows Media (WMA or video)", args: "-f lavfi -i testsrc=s=64x64:r=10:d=1 -c:v wmv2 -c:a wmav2"},
	{file: "take.avi", codec: "AVI video", args: "-f lavfi -i testsrc=s=64x64:r=10:d=1 -c:v mpeg4 -c:a mp2"},
	{file: "take.flv", codec: "Flash video", args: "-c:a nellymoser -ar 11025"},
	{file: "take.mpg", codec: "MPEG video", args: "-f lavfi -i testsrc=s=64x64:r=25:d=1 -c:v mpeg1video -c:a mp2"},
	{file: "take.ts", codec: "MPEG transport stream", args: "-c:a mp2"},
	{file: "take.mp2", codec: "MPEG audio Layer II", args: "-c:a mp2"},
	{file: "take.ac3", codec: "AC-3", args: "-c:a ac3"},
	{file: "take.eac3", codec: "E-AC-3", args: "-c:a eac3"},
	{file: "take.dts", codec: "DTS", args: "-c:a dca -strict -2"},
	{file: "take.thd", codec: "TrueHD", args: "-c:a truehd -strict -2"},
	{file: "take.wv", codec: "WavPack", args: "-c:a wavpack"},
	{file: "take.tta", codec: "True Audio", args: "-c:a tta"},
	{file: "take.spx", codec: "Speex", args: "-c:a libspeex -ar 16000"},
	{file: "take.ogv", codec: "Theora video", args: "-f lavfi -i testsrc=s=64x64:r=10:d=1 -c:v libtheora -c:a libvorbis"},
	{file: "aac.mka", codec: "AAC in Matroska", args: "-c:a aac"},
	{file: "ac3.mka", codec: "AC-3 in Matroska", args: "-c:a ac3"},
	{file: "mute.webm", codec: "Matroska or WebM video without sound", args: "-f lavfi -i testsrc=s=64x64:r=10:d=1 -map 1:v -c:v libvpx", silent: true},
	{file: "ms.wav", codec: "Microsoft ADPCM in WAV", args: "-c:a adpcm_ms"},
	{file: "ima.wav", codec: "IMA ADPCM in WAV", args: "-c:a adpcm_ima_wav"},
	{file: "gsm.wav", codec: "GSM 6.10 in WAV", args: "-c:a libgsm_ms -ar 8000"},
	{file: "g726.wav", codec: "G.726 ADPCM in WAV", args: "-c:a g726 -ar 8000"},
	{file: "ac3.wav", codec: "AC-3 in WAV", args: "-c:a ac3"},
	{file: "ima.aifc", codec: "IMA ADPCM in AIFF-C", args: "-c:a adpcm_ima_qt -f aiff"},
	{file: "take.au", codec: "ADPCM or another compression in AU", args: "-c:a g726le -ar 8000"},
	{file: "take.ra", codec: "RealMedia", args: "-c:a real_144 -ar 8000 -f rm"},
	{file: "take.voc", codec: "Creative VOC", args: "-c:a pcm_s16le"},
	{file: "take.sf", codec: "IRCAM", args: "-c:a pcm_s16le -f ircam"},
	{file: "take.sox", codec: "SoX's own format", args: "-f sox"},
	{file: "take.nut", codec: "NUT", args: "-c:a pcm_s16le"},
	{file: "take.ape", codec: "Monkey's Audio", content: []byte("MAC \x96\x0f")},
	{file: "take.mpc", codec: "Musepack", content: []byte("MPCKSH")},
	{file: "take.dsf", codec: "DSD", content: []byte("DSD \x1c")},
	{file: "take.ofr", codec: "OptimFROG", content: []byte("OFR \x0f")},
}

// kindsHeading begins the table of refused kinds in formatsPage.
const kindsHeading = "## What is refused, and how\n"

// TestRefusedKinds holds what is said of each kind, as docs/formats.md has it,
// and runs the commands where ffmpeg is there.
func TestRefusedKinds(t *testing.T) {
	page, err := os.ReadFile(formatsPage)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	bin, _ := exec.LookPath("ffmpeg")
	table := "\n| file | says |\n|---|---|\n"
	for _, k := range refusedKinds {
		says := (&UnsupportedError{Codec: k.codec, Path: k.file}).Error()
		table += fmt.Sprintf("| %s | %s |\n", k.file, says)
		t.Run(k.file, func(t *testing.T) {
			if k.content == nil && bin == "" {
				t.Skip("ffmpeg is not installed")
			}
			if k.content == nil {
				ffmpegOut(t, strings.Fields("-f lavfi -i sine=440:r=44100:d=1 "+k.args+" "+k.file)...)
			} else if err := os.WriteFile(k.file, k.content, 0o666); err != nil {
				t.Fatal(err)
			}
			_, _, err := decodeFile(t, k.file)
			var u *UnsupportedError
			if !errors.As(err, &u) || u.Codec != k.codec {
				t.Fatalf("got %v, want a refusal of %s", err, k.codec)
			}
			if len(k.content) > 0 && len(k.content) < 100 || bin == "" {
				return // a beginning alone
			}
			_, command, _ := strings.Cut(says, "first: ")
			out, err := exec.Command("sh", "-c", command).CombinedOutput()
			if k.silent {
				return
			}
			if err != nil {
				t.Fatalf("%s: %v, %s", command, err, out)
			}
			to := command[strings.LastIndex(command, " ")+1:]
			defer os.Remove(to)
			if _, x, err := decodeFile(t, to); err != nil || len(x) < 7000 {
				t.Errorf("the conversion has %d values, %v", len(x), err)
			}
		})
	}
	if !strings.Contains(string(page), kindsHeading) || !strings.Contains(string(page), table) {
		t.Errorf("%s is to have this under %q:\n%s", formatsPage, kindsHeading, table)
	}
}
