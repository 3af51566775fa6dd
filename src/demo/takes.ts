/*
 * Written by `npm run demo:takes`. The demo can simulate each month in 1296 ways, its takes. A row is a year, a column a
 * month: the take with which alerts and study print the figures of the real closes, as a number of base 36.
 */

/** The S&P 500. */
export const SP_500_TAKES = `
1978 – – – – – – – – – – – hk
1979 dm 4x yx u6 p8 az pl jw fo d0 ks 1d
1980 co qs 3l cn 3k pp if c2 cx l6 1q ft
1981 b9 0f yf lv 82 65 e0 2q u7 ig a1 2m
1982 fb 0k ax cb 5u bx a9 3r cf 0q g4 1c
1983 fq 4n nh 58 i2 ed ge 12 bc 6y gy 2r
1984 fh s8 df hd q9 gh 6c 8t dh b5 a1 gh
1985 n5 ru h8 61 4o 1u fd 5z fm 0q u6 a7
1986 e3 b4 cv gl fg 9b 45 iw 0u 8g 3m 6j
1987 wc s8 ku t7 7f wi id l9 gs 2t jm 2o
1988 4l tn ep e3 dd d7 bs fm 9p 4h 8y 12
1989 3v gn ly 9o ck 5p yr 6d mb c3 mc gi
1990 ew a5 o7 9v l4 70 of 7y e8 x9 cq 33
1991 bs ci 9q fo 9g 24 0w g3 0j g7 bc 2o
1992 yr fh 7m 95 n2 0m 36 2t od mh c7 n3
1993 w2 uc 0c v4 5f a7 wk bg 5d jy oa a5
1994 j5 f4 i3 iu 3n 20 m9 tq 3q yg 1u st
1995 j3 jy 07 t7 o1 j0 i1 v1 73 x3 g4 sh
1996 bu tf 8y o6 si tr rs w1 lq kj px w5
1997 hc 04 12 23 j0 h7 1t 1g 3e bs z7 42
1998 pn 1e qn ck jh n4 z6 0d dm hf 9v lg
1999 bm px e4 4s fa as co 1j x3 1x 1x ee
2000 bk od 63 45 bx ey 40 sn gd wr mo y0
2001 x7 0f 63 m2 0h jr t9 oj zy xy a2 u6
2002 ot be 1t cu 03 7a 3z dt fd z3 ac ph
2003 1v c0 rf af qz 98 bt cq mj po ti i3
2004 72 z7 48 9p hx yw zu 2q ne ek 7q ct
2005 8w sq 5c hp xl y5 sd a1 g3 q4 g5 4v
2006 58 ei 0m 7z 5d 8c u8 9a 14 pm w1 mz
2007 fz se hy 2g rw y8 pt b6 19 c8 f5 68
2008 h8 rn jr 4w j3 gj b0 km 9i ap 6e sm
2009 do 1c ec ky jt qa d3 ri 0k 4b jn dy
2010 qf vx mr r1 1l 2b j6 0w av uu yf xb
2011 g1 1i z6 zd 9g wq ur 63 1k bm ie 0y
2012 zq di 67 1v ft 4u 5s wj mq ea 7x rq
2013 r0 ez hn h9 qz fh 5k xj 1b 3e kv p6
2014 49 0j 1x ex 5u y8 9j wr o2 pe ym 5s
2015 7d t6 iw 9b 2c x6 ae 3a 0m 20 5z a0
2016 uc 3r 9b 2b yp 5a 0u qp cg ox pr b2
2017 uj k4 o6 73 qw id rt m8 hg fu vj ja
2018 65 bn hq xc 87 0j 97 hu t1 gx l4 f2
2019 tc ii fj jf xk r1 jp ck q2 ej q7 hd
2020 4k 1k wf e5 os pc 2g 13 qw vi fz cm
2021 ky gg os 5f r9 wh t6 xq iz zv nh fo
2022 mj bn ah uj xd 5o u1 ep 69 z8 r0 u7
2023 n5 aw 3f up 4w 2p o5 1g oq 90 4j um
2024 30 y1 kv s5 kh d8 lv f2 pl 8k d6 nb
2025 9u 40 o6 w8 g1 3z a9 ow ja ll 2b y4
`;

/** The Russell 2000. */
export const RUSSELL_2000_TAKES = `
1987 – – – – – – – – a8 6z pw fd
1988 ye ti 6n ca k9 5k t2 6t gj xm o0 k6
1989 zf q9 s2 op ov b3 cb vi m3 kx vt 27
1990 og 6j ot zb ix hc yv pm 9p wv o6 oh
1991 tl es kt 7a ec p0 gs qu zo 3b r7 7v
1992 vh az kj 75 ws hx 5o 10 z7 g1 0o ck
1993 m9 jx c6 7l nd er 98 rc 1a 03 6i 4d
1994 av eh 60 5q uw jk sc 7g 17 m0 s6 pq
1995 sb tu kk by om de 2z td u6 4z 84 2s
1996 dq va tn so yy q1 ju 8v y3 ij sc ur
1997 qi 07 i2 f8 r0 4t my 19 2q ma zw lz
1998 0h cq mf 4j ql te gd 4w td n0 hu 6p
1999 py 9p vc k6 mv zm i9 kb sh gg h4 o1
2000 2c vn kv 31 v4 ta gw fx ci qi rx v0
2001 nc we p6 yf 1x z9 mg k8 s5 gz 4e wt
2002 eb rm 8g pu hn j5 3h 3z d6 0u ws tm
2003 ln f1 7e l2 0s at hl a1 wj 0n ub 6d
2004 1a dx 94 1i lp lz zo 9x uu nd eh mt
2005 sx 7r 02 6o n6 xq 1p 4l qy 3h q1 z7
2006 ys sd gc q3 4p ou su gq i6 my lo wx
2007 ux 2x 1s n1 ip vy v6 r4 lh ju op pn
2008 2q 6q qc tv uz 0k l0 ml bq mi wk a1
2009 7b nq ar ls jy o4 qi pu x0 ce kb pz
2010 nk s2 97 g1 8f 4t al jl qe v4 cf 6c
2011 0t hk 1c x8 rb 93 n5 0q 9i 4w bt a6
2012 0k di su du hd 7m rf ck 0k vn zs 4g
2013 q9 j5 ly gj x5 k3 nd 3q jz bt 0o g8
2014 gu q3 xa er ok 64 h4 pi if v7 y5 e3
2015 po 9e 12 xa fk q5 9p 1m fn 30 qm sw
2016 jl ca 16 f5 p6 b6 63 ww d9 13 yv 7m
2017 79 h3 fu ca 9y 6a 2p sa fm ca t2 4w
2018 9q 1o zx 4i lg 3j 6y w4 t4 e9 5x kx
2019 bb ia sa fl zb 25 b2 5h t2 3a jh e5
2020 zo 50 b4 qq z4 vm oz 88 f7 ds 8p j0
2021 bg 2i ep h4 nu lw fo r3 oi sh 4v ig
2022 bi eo jn lw pv mv p2 hk co eo 12 st
2023 y7 z7 x8 bb t6 ov nb 4v 1b yy 1d yp
2024 n1 wa el g5 us r2 cd u0 3m ay 4q wp
2025 vj xn 1k 47 rg 3g dm g7 ta b3 51 bg
`;
