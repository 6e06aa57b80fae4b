#!/bin/sh
# Makes the Opus, WebM and 5.1 files of the decoders' tests with ffmpeg: 0.4 s
# of decaying 500 Hz bursts, ten a second, the signal that bursts() computes.
cd "$(dirname "$0")" || exit 1
make() {
	name=$1 channels=$2
	shift 2
	burst='0.5*sin(2*PI*500*t)*exp(-40*mod(t\,0.1))'
	all=$burst
	while [ "$channels" -gt 1 ]; do
		all="$all|$burst" channels=$((channels - 1))
	done
	ffmpeg -v error -y -f lavfi -i "aevalsrc=$all:s=48000:d=0.4" -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$name"
}
make opus.ogg 1 -c:a libopus -b:a 64k
make opus.webm 2 -c:a libopus -b:a 96k
make opus51.ogg 6 -c:a libopus -b:a 256k
make vorbis51.ogg 6 -c:a libvorbis -q:a 2
make vorbis.webm 1 -c:a libvorbis -q:a 4
