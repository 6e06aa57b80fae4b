#include "textflag.h"

// All kernels need AVX. None fuses multiplication and addition: they give the
// bits that the Go code gives.

// TURN multiplies the complex numbers in ur + i ui by wr + i wi and stores them.
#define TURN(ur, ui, wr, wi, re, im) \
	VMULPS wr, ur, Y0; \
	VMULPS wi, ui, Y1; \
	VSUBPS Y1, Y0, Y0; \
	VMOVUPS Y0, re; \
	VMULPS wi, ur, Y0; \
	VMULPS wr, ui, Y1; \
	VADDPS Y1, Y0, Y0; \
	VMOVUPS Y0, im

// SUMS loads eight values of each quarter of re at R10 and im at R11, DI bytes
// apart (BX is three times that), and leaves the sums and differences of the
// first and third in Y2 (re) and Y4 (im), Y3 and Y5, of the second and fourth in
// Y6 and Y8, Y7 and Y9.
#define SUMS \
	VMOVUPS (R10), Y0; \
	VMOVUPS (R10)(DI*2), Y1; \
	VADDPS  Y1, Y0, Y2; \
	VSUBPS  Y1, Y0, Y3; \
	VMOVUPS (R11), Y0; \
	VMOVUPS (R11)(DI*2), Y1; \
	VADDPS  Y1, Y0, Y4; \
	VSUBPS  Y1, Y0, Y5; \
	VMOVUPS (R10)(DI*1), Y0; \
	VMOVUPS (R10)(BX*1), Y1; \
	VADDPS  Y1, Y0, Y6; \
	VSUBPS  Y1, Y0, Y7; \
	VMOVUPS (R11)(DI*1), Y0; \
	VMOVUPS (R11)(BX*1), Y1; \
	VADDPS  Y1, Y0, Y8; \
	VSUBPS  Y1, Y0, Y9

// func passAVX(dstRe, dstIm, srcRe, srcIm *float32, w *twiddle, count, stride, quarter int)
// count twiddles; stride, a multiple of 8, and quarter in values.
TEXT ·passAVX(SB), NOSPLIT, $0-64
	MOVQ dstRe+0(FP), R8
	MOVQ dstIm+8(FP), R9
	MOVQ srcRe+16(FP), R10
	MOVQ srcIm+24(FP), R11
	MOVQ w+32(FP), R12
	MOVQ count+40(FP), CX
	MOVQ stride+48(FP), SI
	MOVQ quarter+56(FP), DI
	SHLQ $2, SI
	SHLQ $2, DI
	LEAQ (DI)(DI*2), BX
	LEAQ (SI)(SI*2), R13

outer:
	VBROADCASTSS 0(R12), Y10
	VBROADCASTSS 4(R12), Y11
	VBROADCASTSS 8(R12), Y12
	VBROADCASTSS 12(R12), Y13
	VBROADCASTSS 16(R12), Y14
	VBROADCASTSS 20(R12), Y15
	ADDQ $24, R12
	MOVQ SI, DX

inner:
	SUMS
	VADDPS  Y6, Y2, Y0
	VMOVUPS Y0, (R8)
	VADDPS  Y8, Y4, Y0
	VMOVUPS Y0, (R9)
	VSUBPS  Y6, Y2, Y2
	VSUBPS  Y8, Y4, Y4
	TURN(Y2, Y4, Y12, Y13, (R8)(SI*2), (R9)(SI*2))
	VADDPS  Y9, Y3, Y2
	VSUBPS  Y7, Y5, Y4
	TURN(Y2, Y4, Y10, Y11, (R8)(SI*1), (R9)(SI*1))
	VSUBPS  Y9, Y3, Y3
	VADDPS  Y7, Y5, Y5
	TURN(Y3, Y5, Y14, Y15, (R8)(R13*1), (R9)(R13*1))

	ADDQ $32, R8
	ADDQ $32, R9
	ADDQ $32, R10
	ADDQ $32, R11
	SUBQ $32, DX
	JNZ  inner

	ADDQ R13, R8
	ADDQ R13, R9
	DECQ CX
	JNZ  outer
	VZEROUPPER
	RET

// TURNED is TURN into registers.
#define TURNED(ur, ui, wr, wi, re, im) \
	VMULPS wr, ur, Y0; \
	VMULPS wi, ui, Y1; \
	VSUBPS Y1, Y0, re; \
	VMULPS wi, ur, Y0; \
	VMULPS wr, ui, Y1; \
	VADDPS Y1, Y0, im

// QUADS stores value k of E, F, G and H side by side, for k from 0 to 7. It
// overwrites Y0 to Y3, Y8 and Y9.
#define QUADS(E, F, G, H, at) \
	VUNPCKLPS F, E, Y0; \
	VUNPCKHPS F, E, Y1; \
	VUNPCKLPS H, G, Y2; \
	VUNPCKHPS H, G, Y3; \
	VUNPCKLPD Y2, Y0, Y8; \
	VUNPCKHPD Y2, Y0, Y9; \
	VMOVUPS X8, 0(at); \
	VMOVUPS X9, 16(at); \
	VEXTRACTF128 $1, Y8, 64(at); \
	VEXTRACTF128 $1, Y9, 80(at); \
	VUNPCKLPD Y3, Y1, Y8; \
	VUNPCKHPD Y3, Y1, Y9; \
	VMOVUPS X8, 32(at); \
	VMOVUPS X9, 48(at); \
	VEXTRACTF128 $1, Y8, 96(at); \
	VEXTRACTF128 $1, Y9, 112(at)

// func firstAVX(dstRe, dstIm, srcRe, srcIm, columns *float32, count, quarter int)
// The pass of stride 1: eight twiddles at a time, of which columns has eight
// values of r1, then of i1, r2, i2, r3 and i3; count, a multiple of 8, and
// quarter in values.
TEXT ·firstAVX(SB), NOSPLIT, $0-56
	MOVQ dstRe+0(FP), R8
	MOVQ dstIm+8(FP), R9
	MOVQ srcRe+16(FP), R10
	MOVQ srcIm+24(FP), R11
	MOVQ columns+32(FP), R12
	MOVQ count+40(FP), CX
	MOVQ quarter+48(FP), DI
	SHLQ $2, DI
	LEAQ (DI)(DI*2), BX

eights:
	SUMS
	VADDPS Y6, Y2, Y10
	VADDPS Y8, Y4, Y11
	VSUBPS Y6, Y2, Y2
	VSUBPS Y8, Y4, Y4
	TURNED(Y2, Y4, 64(R12), 96(R12), Y12, Y13)
	VADDPS Y9, Y3, Y2
	VSUBPS Y7, Y5, Y4
	TURNED(Y2, Y4, 0(R12), 32(R12), Y14, Y15)
	VSUBPS Y9, Y3, Y3
	VADDPS Y7, Y5, Y5
	TURNED(Y3, Y5, 128(R12), 160(R12), Y6, Y7)
	QUADS(Y10, Y14, Y12, Y6, R8)
	QUADS(Y11, Y15, Y13, Y7, R9)
	ADDQ $128, R8
	ADDQ $128, R9
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $192, R12
	SUBQ $8, CX
	JNZ  eights
	VZEROUPPER
	RET

// BOTH broadcasts a value of one twiddle to the lower half of w and of the next
// one to the upper.
#define BOTH(at, next, w) \
	VBROADCASTSS at(R12), w; \
	VBROADCASTSS next(R12), Y0; \
	VBLENDPS $0xF0, Y0, w, w

// HALVES stores the lower half of the values and, 64 bytes on, the upper.
#define HALVES(lower, both, at, on) \
	VMOVUPS lower, at; \
	VEXTRACTF128 $1, both, on

// func secondAVX(dstRe, dstIm, srcRe, srcIm *float32, w *twiddle, count, quarter int)
// The pass of stride 4: two twiddles at a time; count is even, quarter in values.
TEXT ·secondAVX(SB), NOSPLIT, $0-56
	MOVQ dstRe+0(FP), R8
	MOVQ dstIm+8(FP), R9
	MOVQ srcRe+16(FP), R10
	MOVQ srcIm+24(FP), R11
	MOVQ w+32(FP), R12
	MOVQ count+40(FP), CX
	MOVQ quarter+48(FP), DI
	SHLQ $2, DI
	LEAQ (DI)(DI*2), BX

twos:
	BOTH(0, 24, Y10)
	BOTH(4, 28, Y11)
	BOTH(8, 32, Y12)
	BOTH(12, 36, Y13)
	BOTH(16, 40, Y14)
	BOTH(20, 44, Y15)
	SUMS
	VADDPS Y6, Y2, Y0
	HALVES(X0, Y0, 0(R8), 64(R8))
	VADDPS Y8, Y4, Y0
	HALVES(X0, Y0, 0(R9), 64(R9))
	VSUBPS Y6, Y2, Y2
	VSUBPS Y8, Y4, Y4
	TURNED(Y2, Y4, Y12, Y13, Y6, Y8)
	HALVES(X6, Y6, 32(R8), 96(R8))
	HALVES(X8, Y8, 32(R9), 96(R9))
	VADDPS Y9, Y3, Y2
	VSUBPS Y7, Y5, Y4
	TURNED(Y2, Y4, Y10, Y11, Y6, Y8)
	HALVES(X6, Y6, 16(R8), 80(R8))
	HALVES(X8, Y8, 16(R9), 80(R9))
	VSUBPS Y9, Y3, Y3
	VADDPS Y7, Y5, Y5
	TURNED(Y3, Y5, Y14, Y15, Y6, Y8)
	HALVES(X6, Y6, 48(R8), 112(R8))
	HALVES(X8, Y8, 48(R9), 112(R9))
	ADDQ $128, R8
	ADDQ $128, R9
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $48, R12
	SUBQ $2, CX
	JNZ  twos
	VZEROUPPER
	RET

// func radix2AVX(a, b *float32, n int)
// Sums to a and differences to b; n is a multiple of 8.
TEXT ·radix2AVX(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), R8
	MOVQ b+8(FP), R9
	MOVQ n+16(FP), CX

pairs:
	VMOVUPS (R8), Y0
	VMOVUPS (R9), Y1
	VADDPS  Y1, Y0, Y2
	VSUBPS  Y1, Y0, Y3
	VMOVUPS Y2, (R8)
	VMOVUPS Y3, (R9)
	ADDQ $32, R8
	ADDQ $32, R9
	SUBQ $8, CX
	JNZ  pairs
	VZEROUPPER
	RET

DATA half<>+0(SB)/4, $0.5
GLOBL half<>(SB), RODATA, $4

// func splitAVX(dst, re, im, splitRe, splitIm *float32, m int)
// Rows k and m-k of eight values, for k from 1 to m/2.
TEXT ·splitAVX(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), R8
	MOVQ re+8(FP), R9
	MOVQ im+16(FP), R10
	MOVQ splitRe+24(FP), R11
	MOVQ splitIm+32(FP), R12
	MOVQ m+40(FP), CX
	MOVQ CX, BX
	SHLQ $5, BX
	SUBQ $32, BX // offset of row m-k
	MOVQ $32, AX // offset of row k
	SHRQ $1, CX
	VBROADCASTSS half<>(SB), Y15

rows:
	ADDQ $4, R11
	ADDQ $4, R12
	VBROADCASTSS (R11), Y13
	VBROADCASTSS (R12), Y14
	VMOVUPS (R9)(AX*1), Y0  // kr
	VMOVUPS (R10)(AX*1), Y1 // ki
	VMOVUPS (R9)(BX*1), Y2  // mr
	VMOVUPS (R10)(BX*1), Y3 // mi
	VADDPS  Y2, Y0, Y4
	VMULPS  Y15, Y4, Y4     // er
	VSUBPS  Y3, Y1, Y5
	VMULPS  Y15, Y5, Y5     // ei
	VADDPS  Y3, Y1, Y6
	VMULPS  Y15, Y6, Y6     // or
	VSUBPS  Y0, Y2, Y7
	VMULPS  Y15, Y7, Y7     // oi
	VMULPS  Y13, Y6, Y0
	VMULPS  Y14, Y7, Y1
	VSUBPS  Y1, Y0, Y8      // tr
	VMULPS  Y14, Y6, Y0
	VMULPS  Y13, Y7, Y1
	VADDPS  Y1, Y0, Y9      // ti
	VADDPS  Y8, Y4, Y0
	VADDPS  Y9, Y5, Y1
	VMULPS  Y0, Y0, Y0
	VMULPS  Y1, Y1, Y1
	VADDPS  Y1, Y0, Y0
	VMOVUPS Y0, (R8)(AX*1)
	VSUBPS  Y8, Y4, Y0
	VSUBPS  Y5, Y9, Y1
	VMULPS  Y0, Y0, Y0
	VMULPS  Y1, Y1, Y1
	VADDPS  Y1, Y0, Y0
	VMOVUPS Y0, (R8)(BX*1)
	ADDQ $32, AX
	SUBQ $32, BX
	DECQ CX
	JNZ  rows
	VZEROUPPER
	RET

// func packAVX(re, im, window, x *float32, hop, count int)
// count times eight samples of eight frames, hop apart, windowed and transposed.
TEXT ·packAVX(SB), NOSPLIT, $0-48
	MOVQ re+0(FP), R8
	MOVQ im+8(FP), R9
	MOVQ window+16(FP), R10
	MOVQ x+24(FP), AX
	MOVQ hop+32(FP), BX
	MOVQ count+40(FP), R11
	SHLQ $2, BX
	LEAQ (BX)(BX*2), CX // 3 hops
	LEAQ (BX)(BX*4), DX // 5 hops
	LEAQ (CX)(BX*4), DI // 7 hops

blocks:
	VMOVUPS (R10), Y15
	VMULPS  (AX), Y15, Y0
	VMULPS  (AX)(BX*1), Y15, Y1
	VMULPS  (AX)(BX*2), Y15, Y2
	VMULPS  (AX)(CX*1), Y15, Y3
	VMULPS  (AX)(BX*4), Y15, Y4
	VMULPS  (AX)(DX*1), Y15, Y5
	VMULPS  (AX)(CX*2), Y15, Y6
	VMULPS  (AX)(DI*1), Y15, Y7
	VUNPCKLPS Y1, Y0, Y8
	VUNPCKHPS Y1, Y0, Y9
	VUNPCKLPS Y3, Y2, Y10
	VUNPCKHPS Y3, Y2, Y11
	VUNPCKLPS Y5, Y4, Y12
	VUNPCKHPS Y5, Y4, Y13
	VUNPCKLPS Y7, Y6, Y14
	VUNPCKHPS Y7, Y6, Y15
	VSHUFPS $0x44, Y10, Y8, Y0
	VSHUFPS $0xEE, Y10, Y8, Y1
	VSHUFPS $0x44, Y11, Y9, Y2
	VSHUFPS $0xEE, Y11, Y9, Y3
	VSHUFPS $0x44, Y14, Y12, Y4
	VSHUFPS $0xEE, Y14, Y12, Y5
	VSHUFPS $0x44, Y15, Y13, Y6
	VSHUFPS $0xEE, Y15, Y13, Y7
	VPERM2F128 $0x20, Y4, Y0, Y8
	VPERM2F128 $0x20, Y5, Y1, Y9
	VPERM2F128 $0x20, Y6, Y2, Y10
	VPERM2F128 $0x20, Y7, Y3, Y11
	VPERM2F128 $0x31, Y4, Y0, Y12
	VPERM2F128 $0x31, Y5, Y1, Y13
	VPERM2F128 $0x31, Y6, Y2, Y14
	VPERM2F128 $0x31, Y7, Y3, Y15
	VMOVUPS Y8, 0(R8)
	VMOVUPS Y9, 0(R9)
	VMOVUPS Y10, 32(R8)
	VMOVUPS Y11, 32(R9)
	VMOVUPS Y12, 64(R8)
	VMOVUPS Y13, 64(R9)
	VMOVUPS Y14, 96(R8)
	VMOVUPS Y15, 96(R9)
	ADDQ $32, R10
	ADDQ $32, AX
	ADDQ $128, R8
	ADDQ $128, R9
	DECQ R11
	JNZ  blocks
	VZEROUPPER
	RET

// func dotAVX(dst, w, x *float32, n int)
// Eight sums of w[i] * x[8 i + lane], in four interleaved parts each.
TEXT ·dotAVX(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), R8
	MOVQ w+8(FP), R9
	MOVQ x+16(FP), R10
	MOVQ n+24(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	CMPQ CX, $4
	JLT  rest

four:
	VBROADCASTSS 0(R9), Y4
	VBROADCASTSS 4(R9), Y5
	VBROADCASTSS 8(R9), Y6
	VBROADCASTSS 12(R9), Y7
	VMULPS 0(R10), Y4, Y4
	VMULPS 32(R10), Y5, Y5
	VMULPS 64(R10), Y6, Y6
	VMULPS 96(R10), Y7, Y7
	VADDPS Y4, Y0, Y0
	VADDPS Y5, Y1, Y1
	VADDPS Y6, Y2, Y2
	VADDPS Y7, Y3, Y3
	ADDQ $16, R9
	ADDQ $128, R10
	SUBQ $4, CX
	CMPQ CX, $4
	JGE  four

rest:
	TESTQ CX, CX
	JZ    done
	VBROADCASTSS (R9), Y4
	VMULPS (R10), Y4, Y4
	VADDPS Y4, Y0, Y0
	ADDQ $4, R9
	ADDQ $32, R10
	DECQ CX
	JMP  rest

done:
	VADDPS  Y1, Y0, Y0
	VADDPS  Y3, Y2, Y2
	VADDPS  Y2, Y0, Y0
	VMOVUPS Y0, (R8)
	VZEROUPPER
	RET

// func sqrtAVX(x *float32, n int)
// n is a multiple of 8.
TEXT ·sqrtAVX(SB), NOSPLIT, $0-16
	MOVQ x+0(FP), R8
	MOVQ n+8(FP), CX

roots:
	VSQRTPS (R8), Y0
	VMOVUPS Y0, (R8)
	ADDQ $32, R8
	SUBQ $8, CX
	JNZ  roots
	VZEROUPPER
	RET

// func addProductAVX(zr, zi, xr, xi, kr, ki *float32, n int)
// n is a multiple of 8.
TEXT ·addProductAVX(SB), NOSPLIT, $0-56
	MOVQ zr+0(FP), R8
	MOVQ zi+8(FP), R9
	MOVQ xr+16(FP), R10
	MOVQ xi+24(FP), R11
	MOVQ kr+32(FP), R12
	MOVQ ki+40(FP), R13
	MOVQ n+48(FP), CX
	SHLQ $2, CX
	XORQ AX, AX

products:
	VMOVUPS (R10)(AX*1), Y0
	VMOVUPS (R11)(AX*1), Y1
	VMOVUPS (R12)(AX*1), Y2
	VMOVUPS (R13)(AX*1), Y3
	VMULPS  Y2, Y0, Y4
	VMULPS  Y3, Y1, Y5
	VSUBPS  Y5, Y4, Y4
	VADDPS  (R8)(AX*1), Y4, Y4
	VMOVUPS Y4, (R8)(AX*1)
	VMULPS  Y3, Y0, Y4
	VMULPS  Y2, Y1, Y5
	VADDPS  Y5, Y4, Y4
	VADDPS  (R9)(AX*1), Y4, Y4
	VMOVUPS Y4, (R9)(AX*1)
	ADDQ $32, AX
	CMPQ AX, CX
	JLT  products
	VZEROUPPER
	RET
