package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Channels: how those of a recording become one.

// Values of Config.Channel besides a channel's number.
const (
	channelMean    = "mean"
	channelLoudest = "loudest"
	channelMid     = "mid"
	channelSide    = "side"
)

// Channels returns the values of Config.Channel besides a channel's number.
func Channels() []string { return []string{channelMean, channelLoudest, channelMid, channelSide} }

// checkChannel says what is wrong with a Config.Channel.
func checkChannel(s string) error {
	if slices.Contains(Channels(), s) {
		return nil
	}
	if n, err := strconv.Atoi(s); err != nil || n < 1 {
		return fmt.Errorf("channel: %q; mean, loudest, mid, side or a channel's number from 1 on is allowed", s)
	}
	return nil
}

// mix is a way from many channels to one: the sum of some, less that of others,
// divided by how many they are.
type mix struct{ plus, minus []int }

// meanOf returns the mean of the first n channels.
func meanOf(n int) mix {
	m := mix{}
	for c := range n {
		m.plus = append(m.plus, c)
	}
	return m
}

// halfDifference is the mean of a channel and of another with its sign turned.
var halfDifference = mix{plus: []int{0}, minus: []int{1}}

func (m mix) same(o mix) bool { return slices.Equal(m.plus, o.plus) && slices.Equal(m.minus, o.minus) }

// apply replaces interleaved frames by what they are mixed to, in place.
func (m mix) apply(x []float32, channels int) []float32 {
	if len(m.plus) == channels {
		return mono(x, channels)
	}
	n := len(x) / channels
	count := float64(len(m.plus) + len(m.minus))
	for i := range n {
		frame := x[i*channels : (i+1)*channels]
		sum := 0.0
		for _, c := range m.plus {
			sum += float64(frame[c])
		}
		for _, c := range m.minus {
			sum -= float64(frame[c])
		}
		x[i] = float32(sum / count)
	}
	return x[:n]
}

// choice is how a recording's channels are mixed, and what a person should know
// of them.
type choice struct {
	mix
	note string
}

// choiceFor returns what a setting asks of a recording before it was heard. It
// fails where the recording has no such channels. A recording of one channel is
// taken as it is.
func choiceFor(setting string, channels int) (choice, error) {
	n, err := strconv.Atoi(setting)
	numbered := err == nil
	switch {
	case channels == 1 && (setting == channelSide || n > 1):
		return choice{meanOf(1), channelNote + "it has only one"}, nil
	case channels == 1:
		return choice{mix: meanOf(1)}, nil
	case numbered && n > channels:
		return choice{}, fmt.Errorf("channel %d was asked for, and it has %d", n, channels)
	case numbered:
		return choice{mix: mix{plus: []int{n - 1}}}, nil
	case (setting == channelMid || setting == channelSide) && channels != 2:
		return choice{}, fmt.Errorf("the channel %s was asked for, which is of two, and it has %d", setting, channels)
	case setting == channelSide:
		return choice{mix: halfDifference}, nil
	}
	return choice{mix: meanOf(channels)}, nil
}

// channelNote begins what a recording's note says of its channels.
const channelNote = "channels: "

// Limits on what counts as odd among the channels of a recording, all in
// decibels. They leave alone what microphones at two places differ by.
const (
	silentDB   = -90 // below full scale: a cable without a microphone
	cancelDB   = 7   // the mean is that much below what unrelated sounds would have: a correlation of -0.8
	differDB   = 20  // between the loudest and the quietest
	steadyDB   = 10  // between the loud and the quiet moments of noise and hum, at most
	livelyDB   = 20  // between the loud and the usual moments of single sounds, at least
	hiddenByDB = 10  // single sounds stand out that much less in the mean
)

// choose returns how the channels that were heard are to be mixed under a
// setting. With the setting mean they are not averaged where that would lose the
// sounds: silent channels are left out, channels that cancel are subtracted, and
// channels of nothing but noise are left out where they hide what the others
// have.
func (l *levels) choose(setting string) choice {
	all := meanOf(l.channels)
	switch {
	case setting == channelLoudest:
		return l.takeLoudest("%d is the loudest and taken")
	case setting == channelMid && l.cancel():
		return choice{all, channelNote + "they cancel in the middle, which was asked for"}
	case setting != channelMean:
		return choice{mix: all}
	}
	sounding, silent := l.split(func(c int) bool { return l.of[c].loudDB() > silentDB })
	lively, steady := l.split(func(c int) bool { return l.of[c].spreadDB(0.1) > steadyDB })
	switch {
	case len(sounding) == 0:
		return choice{all, channelNote + "all are silent"}
	case len(silent) > 0:
		return choice{mix{plus: sounding}, fmt.Sprintf("%s%s silent and left out", channelNote, listed(silent))}
	case l.cancel() && l.channels == 2:
		return choice{halfDifference, channelNote + "they cancel; half of their difference is taken"}
	case l.cancel():
		return l.takeLoudest("they cancel; %d, the loudest, is taken")
	case len(steady) > 0 && l.hides(lively):
		return choice{mix{plus: lively}, fmt.Sprintf("%s%s nothing but noise and left out", channelNote, listed(steady))}
	}
	return choice{all, l.differences()}
}

// takeLoudest returns the loudest channel alone, and says why.
func (l *levels) takeLoudest(why string) choice {
	best := l.loudest()
	return choice{mix{plus: []int{best}}, channelNote + fmt.Sprintf(why, best+1)}
}

// listed says of some channels that they are something.
func listed(channels []int) string {
	var s []string
	for _, c := range channels {
		s = append(s, strconv.Itoa(c+1))
	}
	if len(s) == 1 {
		return s[0] + " is"
	}
	return strings.Join(s, ", ") + " are"
}

// splitNote returns what a recording's note says of its decoding and, by
// itself and without its numbers, of its channels.
func splitNote(note string) (decoding, channels string) {
	i := strings.Index(note, channelNote)
	if i < 0 {
		return note, ""
	}
	channels = note[i+len(channelNote):]
	channels, _, _ = strings.Cut(channels, ": ")
	return strings.TrimSuffix(note[:i], "; "), channelNote + channels
}
