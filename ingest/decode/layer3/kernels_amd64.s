#include "textflag.h"

// Both kernels need AVX. None fuses multiplication and addition: they give the
// bits that the Go code gives.

// TERM adds Y12, a value of a, times eight of b to an accumulator.
#define TERM(b, sum) \
	VMULPS b, Y12, Y13; \
	VADDPS Y13, sum, sum

// func multiplyAVX(c, a, b *float32, rows, depth, stride int)
// Two rows at a time, in Y0 to Y3 and Y4 to Y7.
TEXT ·multiplyAVX(SB), NOSPLIT, $0-48
	MOVQ c+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ rows+24(FP), CX
	MOVQ depth+32(FP), R8
	MOVQ stride+40(FP), R9
	SHLQ $2, R9
	LEAQ (R8*4), R10

rows:
	VMOVUPS 0(DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS 64(DI), Y2
	VMOVUPS 96(DI), Y3
	VMOVUPS 0(DI)(R9*1), Y4
	VMOVUPS 32(DI)(R9*1), Y5
	VMOVUPS 64(DI)(R9*1), Y6
	VMOVUPS 96(DI)(R9*1), Y7
	MOVQ    DX, BX
	MOVQ    R8, AX

depth:
	VMOVUPS      0(BX), Y8
	VMOVUPS      32(BX), Y9
	VMOVUPS      64(BX), Y10
	VMOVUPS      96(BX), Y11
	VBROADCASTSS (SI), Y12
	TERM(Y8, Y0)
	TERM(Y9, Y1)
	TERM(Y10, Y2)
	TERM(Y11, Y3)
	VBROADCASTSS (SI)(R10*1), Y12
	TERM(Y8, Y4)
	TERM(Y9, Y5)
	TERM(Y10, Y6)
	TERM(Y11, Y7)
	ADDQ         $4, SI
	ADDQ         $128, BX
	DECQ         AX
	JNZ          depth

	VMOVUPS Y0, 0(DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 0(DI)(R9*1)
	VMOVUPS Y5, 32(DI)(R9*1)
	VMOVUPS Y6, 64(DI)(R9*1)
	VMOVUPS Y7, 96(DI)(R9*1)
	ADDQ    R10, SI
	LEAQ    (DI)(R9*2), DI
	SUBQ    $2, CX
	JNZ     rows
	VZEROUPPER
	RET

// HALF adds half a row times the window.
#define HALF(v, d) \
	VMOVUPS 0+v(AX), Y4; \
	VMOVUPS 32+v(AX), Y5; \
	VMOVUPS 64+v(AX), Y6; \
	VMOVUPS 96+v(AX), Y7; \
	VMULPS  0+d(DX), Y4, Y4; \
	VMULPS  32+d(DX), Y5, Y5; \
	VMULPS  64+d(DX), Y6, Y6; \
	VMULPS  96+d(DX), Y7, Y7; \
	VADDPS  Y4, Y0, Y0; \
	VADDPS  Y5, Y1, Y1; \
	VADDPS  Y6, Y2, Y2; \
	VADDPS  Y7, Y3, Y3

// func filterAVX(out, newest, window *float32, slots int)
TEXT ·filterAVX(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ newest+8(FP), SI
	MOVQ window+16(FP), R8
	MOVQ slots+24(FP), CX

slot:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	MOVQ   SI, AX
	MOVQ   R8, DX
	MOVQ   $8, BX

pair:
	HALF(0, 0)
	HALF(-128, 128)
	SUBQ $512, AX
	ADDQ $256, DX
	DECQ BX
	JNZ  pair

	VMOVUPS Y0, 0(DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    $256, SI
	ADDQ    $128, DI
	DECQ    CX
	JNZ     slot
	VZEROUPPER
	RET
