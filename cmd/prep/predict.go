package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/guide"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/ingest"
	"prep/ingest/decode"
	"prep/plots"
	"prep/train"
)

// stdin stands for the standard input among the files of predict.
const stdin = "-"

// usualPCM is what `arecord -f S16_LE -r 44100` gives.
var usualPCM = decode.PCM{Rate: 44100, Channels: 1, Encoding: "s16le"}

// predictOptions are the flags of prep predict.
type predictOptions struct {
	model, dir, format, plot, osc string
	raw                           decode.PCM
}

func predictCommand(a *app) *cobra.Command {
	o := predictOptions{raw: usualPCM}
	cmd := a.command("predict FILE...", "Find and name the hits of recordings: kicks, hats and snares, or what a model of yours knows",
		`prep predict take.wav
prep predict take.wav --set beats --model wide
prep predict take.wav --plot pictures
prep predict *.mp3 --set beats --format audacity --out labels/
arecord -f S16_LE -r 44100 -c 1 | prep predict - --set beats   # live: a line of JSON a hit`,
		cobra.MinimumNArgs(1), func(ctx context.Context, files []string) (result, error) { return a.predict(ctx, files, o) })
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the model: its `name` in the set, or its folder (default the set's or, without --set, the one that comes with prep)")
	f.StringVar(&o.dir, "out", "", "write a file a recording into this `folder`, in the format of --format")
	f.StringVar(&o.format, "format", "", "audacity (label tracks), csv, or midi (a drum a class)")
	f.StringVar(&o.plot, "plot", "", "draw each recording with its hits and their names into this `folder`")
	f.Float32Var(&a.config.Predict.Unsure, "unsure", a.config.Predict.Unsure, "mark hits whose best class is less probable")
	f.IntVar((*int)(&o.raw.Rate), "rate", int(o.raw.Rate), "with -: samples a second")
	f.IntVar(&o.raw.Channels, "channels", o.raw.Channels, "with -: channels, interleaved")
	f.StringVar(&o.raw.Encoding, "encoding", o.raw.Encoding, "with -: "+strings.Join(decode.Encodings(), ", "))
	f.StringVar(&o.osc, "osc", "", "with -: send each hit to this `host:port` too, as /prep/hit class level_db probability onset_s of Open Sound Control")
	return cmd
}

// check says which flags and files do not go together.
func (o predictOptions) check(files []string) error {
	switch live := files[0] == stdin; {
	case (o.dir == "") != (o.format == "") || o.format != "" && !slices.Contains(predict.Formats(), o.format):
		return config.Usagef("predict: --out FOLDER and --format %s go together", strings.Join(predict.Formats(), "|"))
	case live && (len(files) > 1 || o.dir != "" || o.plot != ""):
		return config.Usagef("predict -: raw samples from the standard input go alone, and come out as lines of JSON")
	case !live && (o.raw != usualPCM || o.osc != ""):
		return config.Usagef("predict: --rate, --channels, --encoding and --osc are for raw samples from the standard input, named -")
	}
	return nil
}

func (a *app) predict(ctx context.Context, files []string, o predictOptions) (result, error) {
	if err := o.check(files); err != nil {
		return nil, err
	}
	if o.model == "" {
		if o.model = predict.General; a.config.Set != "" {
			o.model = train.ModelDir(data.At(a.config.Set), a.config.Train.Name)
		}
	}
	o.model = guide.ModelFolder(a.config.Set, o.model)
	if files[0] == stdin {
		return nil, a.listen(ctx, o)
	}
	p, err := predict.New(o.model, a.config.Segment, a.config.Predict)
	if err != nil {
		return nil, err
	}
	if o.plot != "" {
		p.Draw(o.plot, files, func(w io.Writer, file string, audio data.Reader, hits []data.Example) error {
			return plots.Recording(w, plots.RecordingView{Name: file, Audio: audio, Hits: hits})
		})
	}
	all, err := p.Files(ctx, files, a.progress())
	if err == nil && o.dir != "" {
		err = all.Save(o.dir, o.format, a.config.Predict)
	}
	return predictResult{all}, err
}

// predictResult is what predict ends with.
type predictResult struct{ predict.Predictions }

func (p predictResult) skipped() int { return len(p.Skips) }

// listen names the hits of raw samples from the standard input as they come and
// prints each as a line of JSON.
func (a *app) listen(ctx context.Context, o predictOptions) error {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return config.Usagef("predict -: pipe raw samples into it: arecord -f S16_LE -r 44100 | prep predict - --model %s", o.model)
	}
	p, err := predict.New(o.model, a.config.Segment, a.config.Predict)
	if err != nil {
		return err
	}
	live, err := ingest.NewLive(os.Stdin, o.raw, p.Rate())
	if err := errors.Join(p.CheckLive(), err); err != nil {
		return config.Usagef("predict -: %w", err)
	}
	tell := json.NewEncoder(a.stdout).Encode
	send := func(predict.Hit) {}
	if o.osc != "" {
		osc, err := predict.NewOSC(o.osc)
		if err != nil {
			return config.Usagef("predict: --osc %w", err)
		}
		defer osc.Close()
		send = osc.Send
	}
	done := make(chan error, 1)
	go func() {
		done <- p.Live(live, func(h predict.Hit) error { send(h); return tell(h) }, a.lose)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // a read from the standard input cannot be interrupted
		return ctx.Err()
	}
}

// lose tells of a hit that no name can be given to.
func (a *app) lose(onsetSeconds float64, why error) {
	fmt.Fprintf(a.stderr, "skipped the hit at %.4f s: %v\n", onsetSeconds, why)
	if !a.allowSkips {
		a.code = exitSkips
	}
}
