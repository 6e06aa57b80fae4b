#include "textflag.h"

// In all kernels n is a multiple of 8, above 0; in scale and peak, which do four
// registers at a time, of 32. None fuses multiplication and addition: they give
// the bits that the Go code gives.

// func dotAVX(sums, h, x *float32, n int)
// One accumulator keeps the order of the sums; its latency is what it takes.
TEXT ·dotAVX(SB), NOSPLIT, $0-32
	MOVQ sums+0(FP), DI
	MOVQ h+8(FP), SI
	MOVQ x+16(FP), DX
	MOVQ n+24(FP), CX
	VXORPS Y0, Y0, Y0

dot:
	VMOVUPS (SI), Y1
	VMULPS  (DX), Y1, Y1
	VADDPS  Y1, Y0, Y0
	ADDQ    $32, SI
	ADDQ    $32, DX
	SUBQ    $8, CX
	JNZ     dot
	VMOVUPS Y0, (DI)
	VZEROUPPER
	RET

// func scaleAVX(x *float32, n int, gain float32)
TEXT ·scaleAVX(SB), NOSPLIT, $0-20
	MOVQ x+0(FP), SI
	MOVQ n+8(FP), CX
	VBROADCASTSS gain+16(FP), Y0

scale:
	VMULPS  (SI), Y0, Y1
	VMULPS  32(SI), Y0, Y2
	VMULPS  64(SI), Y0, Y3
	VMULPS  96(SI), Y0, Y4
	VMOVUPS Y1, (SI)
	VMOVUPS Y2, 32(SI)
	VMOVUPS Y3, 64(SI)
	VMOVUPS Y4, 96(SI)
	ADDQ    $128, SI
	SUBQ    $32, CX
	JNZ     scale
	VZEROUPPER
	RET

// func addScaledAVX(dst, x *float32, n int, gain float32)
TEXT ·addScaledAVX(SB), NOSPLIT, $0-28
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSS gain+24(FP), Y0

addScaled:
	VMULPS  (SI), Y0, Y1
	VADDPS  (DI), Y1, Y1
	VMOVUPS Y1, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     addScaled
	VZEROUPPER
	RET

// func addProductAVX(dst, h, x *float32, n int)
TEXT ·addProductAVX(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ h+8(FP), SI
	MOVQ x+16(FP), DX
	MOVQ n+24(FP), CX

addProduct:
	VMOVUPS (SI), Y1
	VMULPS  (DX), Y1, Y1
	VADDPS  (DI), Y1, Y1
	VMOVUPS Y1, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DX
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     addProduct
	VZEROUPPER
	RET

// func peakAVX2(largest *uint32, x *float32, n int)
// The largest of each lane in four accumulators, and then of these and of the
// eight lanes.
TEXT ·peakAVX2(SB), NOSPLIT, $0-24
	MOVQ     largest+0(FP), DI
	MOVQ     x+8(FP), SI
	MOVQ     n+16(FP), CX
	VPXOR    Y0, Y0, Y0
	VPXOR    Y1, Y1, Y1
	VPXOR    Y2, Y2, Y2
	VPXOR    Y3, Y3, Y3
	VPCMPEQD Y8, Y8, Y8
	VPSRLD   $1, Y8, Y8 // all bits but the sign

peak:
	VPAND   (SI), Y8, Y4
	VPAND   32(SI), Y8, Y5
	VPAND   64(SI), Y8, Y6
	VPAND   96(SI), Y8, Y7
	VPMAXUD Y4, Y0, Y0
	VPMAXUD Y5, Y1, Y1
	VPMAXUD Y6, Y2, Y2
	VPMAXUD Y7, Y3, Y3
	ADDQ    $128, SI
	SUBQ    $32, CX
	JNZ     peak
	VPMAXUD Y1, Y0, Y0
	VPMAXUD Y3, Y2, Y2
	VPMAXUD Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0x4e, X0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0xb1, X0, X1
	VPMAXUD      X1, X0, X0
	VMOVD        X0, (DI)
	VZEROUPPER
	RET

// func interpolateAVX(dst, rows, src *float32, n, pos, step, taps int)
// Each sum is dot's: rows of phases, which are 512.
TEXT ·interpolateAVX(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ src+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ pos+32(FP), R8
	MOVQ step+40(FP), R9
	MOVQ taps+48(FP), R10
	SHLQ $2, R10

interpolate:
	MOVQ  R8, R11
	ANDQ  $511, R11
	IMULQ R10, R11
	ADDQ  SI, R11 // the row
	MOVQ  R8, R12
	SARQ  $9, R12
	LEAQ  (DX)(R12*4), R12
	VXORPS Y0, Y0, Y0
	XORQ  BX, BX

taps:
	VMOVUPS (R11)(BX*1), Y1
	VMULPS  (R12)(BX*1), Y1, Y1
	VADDPS  Y1, Y0, Y0
	ADDQ    $32, BX
	CMPQ    BX, R10
	JNE     taps
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0
	VMOVSS       X0, (DI)
	ADDQ R9, R8
	ADDQ $4, DI
	DECQ CX
	JNZ  interpolate
	VZEROUPPER
	RET
