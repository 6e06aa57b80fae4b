#include "textflag.h"

// In all kernels n is a multiple of 8, above 0. None fuses multiplication and
// addition: they give the bits that the Go code gives.

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
	VMOVUPS Y1, (SI)
	ADDQ    $32, SI
	SUBQ    $8, CX
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
// The largest of the eight lanes, taken two, four and eight apart.
TEXT ·peakAVX2(SB), NOSPLIT, $0-24
	MOVQ     largest+0(FP), DI
	MOVQ     x+8(FP), SI
	MOVQ     n+16(FP), CX
	VPXOR    Y0, Y0, Y0
	VPCMPEQD Y2, Y2, Y2
	VPSRLD   $1, Y2, Y2 // all bits but the sign

peak:
	VPAND   (SI), Y2, Y1
	VPMAXUD Y1, Y0, Y0
	ADDQ    $32, SI
	SUBQ    $8, CX
	JNZ     peak
	VEXTRACTI128 $1, Y0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0x4e, X0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0xb1, X0, X1
	VPMAXUD      X1, X0, X0
	VMOVD        X0, (DI)
	VZEROUPPER
	RET
