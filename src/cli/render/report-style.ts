/** The look of the report: follows the reader's light or dark setting, prints well, needs nothing from anywhere. */
export const reportStyle = `
:root{color-scheme:light dark;--bg:#fcfcfa;--fg:#1d2125;--soft:#5d666f;--line:#dfe2e5;--card:#fff;--good:#1a7f37;--bad:#b3261e;--warn:#8a5a00;--bar:#8fb4d9}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e3e6e8;--soft:#9aa4ad;--line:#30363c;--card:#1b1f23;--good:#5cc778;--bad:#ff8a80;--warn:#e3b341;--bar:#3f6791}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.5rem;line-height:1.3;margin:.2rem 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.state{display:inline-block;font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:0 .7rem}
code,pre{font:13px/1.45 ui-monospace,monospace}
code{overflow-wrap:anywhere}
pre{background:var(--bg);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;margin:.5rem 0 0;overflow:auto;max-height:24rem;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;color:var(--soft);font-size:.85rem;white-space:nowrap}
table{margin-top:.5rem}
a{color:inherit}
td.n{white-space:nowrap;font-variant-numeric:tabular-nums;overflow-wrap:normal}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1.1rem;margin:.8rem 0}
.card>header{display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}
.bar{display:block;height:.55rem;margin-top:.45rem;border-radius:.2rem;background:var(--bar);min-width:2px}
.bar.bad{background:var(--bad)}.bar.warn{background:var(--warn)}.bar.good{background:var(--good)}
.track{width:9rem}
ul{margin:.4rem 0;padding-left:1.2rem}
summary{cursor:pointer;margin-top:.5rem}
footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
@media print{.card{break-inside:avoid}pre{max-height:none}}
@media (max-width:40rem){.track{width:4rem}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
`
