/*
 * Written by `npm run demo:takes`. The demo can simulate each month in 1296 ways, its takes. A row is a year, a column a
 * month: the take with which alerts and study print the figures of the real closes, as a number of base 36.
 */

/** The S&P 500. */
export const SP_500_TAKES = `
1978 – – – – – – – – – – – 6a
1979 jv v1 5r 2f p8 az oh yh fo d0 ks 8t
1980 co qs 3l cn 3k pp p8 c2 cx l6 zk ft
1981 b9 0f yf q3 82 65 ke 2q 4r gb kp wj
1982 fb 0k ax cb 5u bx a9 3r cf 0q g4 1c
1983 fq 4n pi 58 i2 ed ge 12 bc 6y gy 2r
1984 fh 6q df hd q9 gh 6c 8t dh 9v a1 gh
1985 rz ru h8 91 4o 9y fd 5z fm 0q ns oo
1986 e3 0n iw gl zn 9b 32 iw 0u 8g 3m 6j
1987 wc s8 ku 92 7f jr mu xo dx 2t 2w 2o
1988 4l tn 3u 1x dd d7 bs fm 9p 4h 8y 12
1989 3v gn ly 6d ck 2l yr 3b p7 c3 mc 4o
1990 ew a5 g9 9v l4 ya 3s 7y e8 x9 cq 1l
1991 bs ci 9q fo 9g 24 0w g3 81 g7 bc 2o
1992 yr fh 7m 95 n2 0m 36 2t od mh rx w2
1993 tk uc 0c v4 5f 1q w2 bg 5d w3 5r e1
1994 oj f4 8e fh ly 20 d0 ge 3q 6l 1u st
1995 1b o8 dz jf np 8f 19 fg q7 7u oz v5
1996 sl 5v x0 ga 1l go vq 7i lq vq km nv
1997 jr u6 2r 23 zq 82 fm dd mt bs 5i 01
1998 ax nh ss ck qq n4 i9 0d dm hv 63 ys
1999 pj 6i e4 4s fa as d0 1j 8y 1x 1x lm
2000 bk od 63 45 bx ey k1 n5 gd 3r at l3
2001 es lm 63 m2 0h rq t9 mo gs qi a2 cs
2002 pz be 1t cu 03 9o 3z dt fd z3 ul uv
2003 1v x5 rf 18 dm 98 bt e2 2t po 5l i3
2004 72 jj 48 9p hx qc 4n 0p kd uf 1n ct
2005 ug oy 5c kn ed fa 22 2f hq qm 95 oh
2006 2l 65 p2 ni 5d 8c 89 5p nt 8a y8 9t
2007 q4 r8 04 v7 hn rd pt 29 bs c8 f5 47
2008 h8 qw pi th zs z1 b0 dx 8t ap 6e io
2009 do o3 5l ky j1 dc ch r2 27 4b jj dy
2010 qf 0h 2o j1 1l 1u by 0w av b4 8i 73
2011 va 5i z6 nw 01 qh 91 63 1k bm ie cl
2012 lm 9h cy 1v ft 14 zr td cu ea vl 36
2013 r0 qe 2v ao nu s8 dk 8r 20 40 vv 6z
2014 cw si pz ex l5 3j wy 5l tm w6 j6 5s
2015 r2 ic ji 9b v9 ao 2g 3a mc 6n z4 tu
2016 f1 ka 59 1k j9 5a os pz bp qd dm 1n
2017 xc mb q3 0q tj u9 sg jo ms v2 rv lm
2018 5i bn if fo rt xm vs l2 eh pc 52 ga
2019 l9 gk 2o pz po vs 3d 1i 0l e1 ws w2
2020 re 6b fu ln 13 xe 6r 6f lf lo tt g9
2021 1m 4f 70 ts 87 sh ww 2x 6f ax qv 6i
2022 tm 8q u5 fk xd 2q wg 6u y6 ni g3 jl
2023 0l x1 e6 tg g4 jx 39 9x 6c nq j8 j2
2024 5x wp 4u ef rq 4o ve ae ak x2 uy 96
2025 po l8 jd 02 7m 41 9i kk j0 dn ql y4
`;

/** The Russell 2000. */
export const RUSSELL_2000_TAKES = `
1987 – – – – – – – – 73 6z xt qk
1988 4g vm gq px k9 5k t2 7j g7 xm 6c k6
1989 zf q9 c4 l5 ov x5 ja ll m3 kx 73 27
1990 og qh 2g x8 oa d5 8h pm vc u3 go 6x
1991 zy jg kt lk ec p0 gs qu m8 85 yc w0
1992 9l js j2 ex 0u hx bq 59 0q ry ou zm
1993 r2 bu xa 7l jg 1j rv yr 4e 03 4t dl
1994 i4 eh ow 5q uw jk ia r7 17 3t hm ue
1995 p4 99 5t 5j s9 2t 1z b5 q2 x1 84 2s
1996 dq va hv rj wk q1 ey eb j3 ij sc su
1997 qt 07 dy f8 mu jz a2 0u pm za ab lz
1998 ms 0k n0 60 ql te ay 4w mg l3 z2 da
1999 5k 16 hw k6 mv zm 73 ti sh 0p h4 ne
2000 2c vs k3 31 v4 ta gw fx se qi rx v0
2001 nc we p6 ns 1x z9 h2 k8 8m u7 4e wt
2002 eb rm 8g fg ue j5 qb q9 d6 o1 1z zu
2003 ln ob 7e rx 90 zd y4 a1 c2 3v pi 0c
2004 1a tq 94 1i lp lz 9c 7g mc pk eh mt
2005 hh 7r 02 2x n6 8f h6 4l qy 3h q1 vd
2006 ys 82 wl o6 4p ou ue gq 8i 73 g9 gc
2007 ux 9n 1s 95 wi vy v6 81 lh ju op pn
2008 2q 6q qc tv 7d 0k l0 ml bq vj wk na
2009 ib ka p8 dy nc o4 r1 pu 6n ce yp pz
2010 nk 7s ld g1 8f 4t yh jl c0 v4 cf o8
2011 b3 b4 1c dm rb 93 n5 0q 9i 4w bt a6
2012 c6 di su du hd pz so 9g 0k vn zs 0o
2013 r5 xu mq m7 sx hq di bm kj lg 0o g8
2014 gu 29 xa jp ok 64 dz xe nr 84 y5 kf
2015 po 9e 12 xa uk m0 4k qp fn 9p qm 12
2016 jl br o6 f5 p6 b6 63 ww ir 3m 8d gt
2017 4b qz fu je yl 6a 2p sa fm y2 t2 hp
2018 iu sa zx s4 lg hf 61 jh h7 e9 5x kx
2019 bb ia sa fl zb ho b2 ta t2 3a jh e5
2020 zo 50 ns 5c 2v 71 jr 2k f7 ds ry 3m
2021 0n zw ep h4 yr lw n9 r3 ln 1i yx ry
2022 r6 w6 jn kp pv mv qu x1 co eo cn st
2023 io 3c qe bb t6 ov ac 4v 7x yy y3 ux
2024 9s wa zb g5 us yj cd u0 3m 0x dt q2
2025 yz zv yw v9 ch 3g 12 g7 5r e7 az bg
`;
