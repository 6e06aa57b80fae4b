#include "textflag.h"

// MAC adds the weight at w, times the sixteen frames in Y8 and Y9, to two sums.
// Nothing is fused: it gives the bits that the Go code gives.
#define MAC(w, lo, hi) \
	VBROADCASTSS w, Y10; \
	VMULPS Y8, Y10, Y11; \
	VMULPS Y9, Y10, Y12; \
	VADDPS Y11, lo, lo; \
	VADDPS Y12, hi, hi

// ROW writes two sums to the row at DI and steps to the next one.
#define ROW(lo, hi) \
	VMOVUPS lo, (DI); \
	VMOVUPS hi, 32(DI); \
	ADDQ SI, DI

// func convolveAVX(dst *float32, stride uintptr, in *float32, offsets *uintptr, taps int, weights, bias *float32, rectify int)
TEXT ·convolveAVX(SB), NOSPLIT, $0-64
	MOVQ dst+0(FP), DI
	MOVQ stride+8(FP), SI
	MOVQ in+16(FP), R8
	MOVQ offsets+24(FP), R9
	MOVQ taps+32(FP), CX
	MOVQ weights+40(FP), R10
	MOVQ bias+48(FP), R11
	MOVQ rectify+56(FP), R12
	VBROADCASTSS (R11), Y0
	VMOVAPS Y0, Y1
	VBROADCASTSS 4(R11), Y2
	VMOVAPS Y2, Y3
	VBROADCASTSS 8(R11), Y4
	VMOVAPS Y4, Y5
	VBROADCASTSS 12(R11), Y6
	VMOVAPS Y6, Y7

next:
	MOVQ (R9), AX
	VMOVUPS (R8)(AX*1), Y8
	VMOVUPS 32(R8)(AX*1), Y9
	MAC(0(R10), Y0, Y1)
	MAC(4(R10), Y2, Y3)
	MAC(8(R10), Y4, Y5)
	MAC(12(R10), Y6, Y7)
	ADDQ $8, R9
	ADDQ $16, R10
	DECQ CX
	JNZ next

	TESTQ R12, R12
	JZ store
	VXORPS Y8, Y8, Y8
	VMAXPS Y8, Y0, Y0
	VMAXPS Y8, Y1, Y1
	VMAXPS Y8, Y2, Y2
	VMAXPS Y8, Y3, Y3
	VMAXPS Y8, Y4, Y4
	VMAXPS Y8, Y5, Y5
	VMAXPS Y8, Y6, Y6
	VMAXPS Y8, Y7, Y7

store:
	ROW(Y0, Y1)
	ROW(Y2, Y3)
	ROW(Y4, Y5)
	ROW(Y6, Y7)
	VZEROUPPER
	RET
