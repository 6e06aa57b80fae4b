#!/bin/sh
# Makes the compressed files of the decoders' tests with ffmpeg: 0.4 s of
# decaying 500 Hz bursts, ten a second, the signal that bursts() computes.
cd "$(dirname "$0")" || exit 1
make() {
	name=$1 rate=$2 channels=$3
	shift 3
	burst='0.5*sin(2*PI*500*t)*exp(-40*mod(t\,0.1))'
	[ "$channels" = 2 ] && burst="$burst|$burst"
	ffmpeg -v error -y -f lavfi -i "aevalsrc=$burst:s=$rate:d=0.4" -map_metadata -1 "$@" "$name"
}
make lame44k.mp3 44100 1 -c:a libmp3lame -b:a 64k
make lame22k.mp3 22050 1 -c:a libmp3lame -b:a 32k
make lame12k.mp3 12000 1 -c:a libmp3lame -b:a 16k
make stereo320.mp3 44100 2 -c:a libmp3lame -b:a 320k
make notag.mp3 48000 1 -c:a libmp3lame -q:a 5 -write_xing 0 -id3v2_version 0
make vorbis.ogg 44100 1 -c:a libvorbis -q:a 4 -fflags +bitexact -flags:a +bitexact
make lame8k.mp3 8000 2 -c:a libmp3lame -b:a 24k
for name in lame8k lame12k; do
	ffmpeg -v error -y -i $name.mp3 -f s16le $name.pcm
done
