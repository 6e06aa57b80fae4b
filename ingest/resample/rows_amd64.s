#include "textflag.h"

// func rowsAVX(dst, taps, x *float32, starts *int32, n, count int)
// n is a multiple of 16; neither n nor count is 0.
TEXT ·rowsAVX(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ taps+8(FP), SI
	MOVQ x+16(FP), R8
	MOVQ starts+24(FP), R9
	MOVQ n+32(FP), R10
	MOVQ count+40(FP), R11
	MOVLQSX (R9), AX
	SHLQ $2, AX
	SUBQ AX, R8      // x that starts count from
	SHLQ $2, R10
	ADDQ R10, SI     // the end of the row
	ADDQ R10, R8

row:
	MOVLQSX (R9), DX
	LEAQ (R8)(DX*4), DX // the end of what the row is multiplied with
	MOVQ R10, CX
	NEGQ CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1

column:
	VMOVUPS (SI)(CX*1), Y2
	VMULPS (DX)(CX*1), Y2, Y2
	VADDPS Y2, Y0, Y0
	VMOVUPS 32(SI)(CX*1), Y3
	VMULPS 32(DX)(CX*1), Y3, Y3
	VADDPS Y3, Y1, Y1
	ADDQ $64, CX
	JNZ column

	// Lanes by halves: 16 to 8 to 4 to 2 to 1.
	VADDPS Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0
	VMOVHLPS X0, X0, X1
	VADDPS X1, X0, X0
	VMOVSHDUP X0, X1
	VADDSS X1, X0, X0
	VMOVSS X0, (DI)

	ADDQ $4, DI
	ADDQ $4, R9
	ADDQ R10, SI
	DECQ R11
	JNZ row
	VZEROUPPER
	RET
