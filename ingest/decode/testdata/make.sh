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
# Bursts of noise, other ones left and right, which LAME puts into short blocks,
# and bursts three times as loud as full scale, which come out clipped and above it.
hits() {
	name=$1 rate=$2 hit=$3
	shift 3
	ffmpeg -v error -y -f lavfi -i "aevalsrc=$hit:s=$rate:d=0.25" -c:a pcm_s16le hits.wav &&
		lame --quiet "$@" hits.wav "$name"
	rm hits.wav
}
noise='0.5*(2*random(0)-1)*exp(-90*mod(t\,0.05))'
other='0.3*(2*random(1)-1)*exp(-50*mod(t+0.02\,0.07))'
hits joint44k.mp3 44100 "$noise+$other|$noise-$other" -m j -b 96 --resample 44.1
hits joint22k.mp3 22050 "$noise+$other|$noise-$other" -m j -b 64 --resample 22.05
hits free32k.mp3 32000 "$noise|$other" -m s --freeformat -b 200
hits loud.mp3 44100 '3*(2*random(0)-1)*exp(-20*mod(t\,0.1))' -m m -b 96
for name in lame8k lame12k joint44k joint22k; do
	ffmpeg -v error -y -i $name.mp3 -f s16le $name.pcm
done
mpg123 -q -e s16 -s free32k.mp3 >free32k.pcm # ffmpeg knows no free format
