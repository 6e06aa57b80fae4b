#!/bin/sh
# Makes the AAC and ALAC files of the decoders' tests with ffmpeg 5.1 and GStreamer's
# voaacenc: decaying bursts of noise (left) and of 500 Hz (right), 33 a second. A
# .f32 file beside one is the beginning of ffmpeg's decoding of it.
cd "$(dirname "$0")" || exit 1
noise='0.4*(2*random(0)-1)*exp(-150*mod(t\,0.03))'
tone='0.5*sin(2*PI*500*t)*exp(-100*mod(t\,0.03))'
exact='-map_metadata -1 -fflags +bitexact -flags:a +bitexact'
make() {
	name=$1 expr=$2 rate=$3 length=$4
	shift 4
	ffmpeg -v error -y -f lavfi -i "aevalsrc=$expr:s=$rate:d=$length" $exact "$@" "$name"
}
reference() {
	ffmpeg -v error -y -i "$1" -map 0:a:0 -c:a pcm_f32le -f f32le - | head -c 24576 >"${1%.*}.f32"
}
make aac44k.m4a "$noise|$tone" 44100 0.12 -c:a aac -b:a 64k
make aac8k.aac "$noise" 8000 0.4 -c:a aac -b:a 24k
make aac48k6.m4a "$noise|$tone|0.1*sin(2*PI*900*t)|0.2*sin(2*PI*60*t)|$noise|$tone" 48000 0.1 -channel_layout 5.1 -c:a aac -b:a 160k
make fragments.mp4 "$tone" 22050 0.2 -c:a aac -b:a 32k -movflags frag_every_frame+empty_moov+default_base_moof
make alac16.m4a "$noise|$tone" 44100 0.12 -c:a alac -sample_fmt s16p
make alac24.caf "$noise" 48000 0.1 -c:a alac -sample_fmt s32p
make pcm.mov "$noise|$tone" 8000 0.1 -c:a pcm_s16be
make pcm.caf "$noise|$tone" 8000 0.1 -c:a pcm_s24le
ffmpeg -v error -y -f lavfi -i "testsrc=s=32x32:r=10:d=0.3" -f lavfi -i "aevalsrc=$tone:s=16000:d=0.3" $exact \
	-flags:v +bitexact -c:v mpeg4 -c:a aac -b:a 32k film.3gp
ffmpeg -v error -y -f lavfi -i "testsrc=s=32x32:r=10:d=0.3" $exact -flags:v +bitexact -c:v mpeg4 silent.mp4
ffmpeg -v error -y -f lavfi -i "aevalsrc=$noise|$tone:s=24000:d=0.2" $exact visualon.wav
gst-launch-1.0 -q filesrc location=visualon.wav ! wavparse ! audioconvert ! voaacenc bitrate=32000 ! \
	audio/mpeg,stream-format=adts ! filesink location=visualon.aac
rm visualon.wav
for name in aac44k.m4a aac8k.aac aac48k6.m4a fragments.mp4 film.3gp visualon.aac; do
	reference $name
done
