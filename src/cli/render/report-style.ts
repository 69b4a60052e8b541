/**
 * The look of the report: follows the reader's light or dark setting, prints well, needs nothing from anywhere. A narrow
 * screen gets each row as a list, because columns there would be too narrow for a word.
 */
export const reportStyle = `
:root{color-scheme:light dark;--bg:#fcfcfa;--fg:#1d2125;--soft:#5d666f;--line:#dfe2e5;--card:#fff;--good:#1a7f37;--bad:#b3261e;--warn:#8a5a00;--bar:#8fb4d9;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e3e6e8;--soft:#9aa4ad;--line:#30363c;--card:#1b1f23;--good:#5cc778;--bad:#ff8a80;--warn:#e3b341;--bar:#4f7cab;--link:#8ab8e8}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.55 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.5rem;line-height:1.3;margin:.2rem 0 .8rem}
h2{font-size:1.1rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.state{display:inline-block;font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:0 .7rem;margin-right:.3rem}
code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--bg);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;margin:.5rem 0 0;overflow:auto;max-height:24rem;white-space:pre-wrap;overflow-wrap:anywhere}
a{color:var(--link);text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:2px}
:target{background:color-mix(in srgb,var(--bar) 22%,transparent)}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin-top:.5rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}
td:last-child,th:last-child{padding-right:0}
th{font-weight:600;color:var(--soft);font-size:.85rem}
td.n{font-variant-numeric:tabular-nums}
.tasks th:nth-child(1){width:38%}.tasks th:nth-child(2){width:30%}
.gates{margin-top:1.4rem}
.gates th:nth-child(1){width:16%}.gates th:nth-child(3){width:16%}.gates th:nth-child(4){width:32%}
.commands th:nth-child(1){width:46%}.commands th:nth-child(3){width:6.5rem}.commands th:nth-child(4){width:11rem}
.timeline th:nth-child(1){width:2.8rem}.timeline th:nth-child(2){width:11rem}.timeline th:nth-child(3){width:12rem}
.axis{display:flex;justify-content:space-between;border-bottom:1px solid var(--soft);font-weight:400;font-variant-numeric:tabular-nums}
.bar{display:block;height:.55rem;margin-top:.45rem;border-radius:.2rem;background:var(--bar);min-width:3px}
.bar.bad{background:var(--bad)}.bar.warn{background:var(--warn)}.bar.good{background:var(--good)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1rem;margin:.8rem 0}
dt{color:var(--soft)}dd{margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1.1rem;margin:.8rem 0}
.card>header{display:flex;gap:.2rem .8rem;align-items:baseline;flex-wrap:wrap}
ul{margin:.4rem 0;padding-left:1.2rem}
summary{cursor:pointer;margin-top:.5rem}
footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
@media print{.card{break-inside:avoid}pre{max-height:none}}
@media (max-width:46rem){
main{padding:1.2rem .8rem 3rem}
.card{padding:.8rem}
dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.4rem}
table,thead,tbody,tr,td{display:block}
thead tr{display:flex}thead th{display:none;border:0;padding:0}thead th:has(.axis){display:block;width:100%!important}
tbody tr{border-bottom:1px solid var(--line);padding:.45rem 0}
td{border:0;padding:.05rem 0}td.same{display:none}
td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:.85rem}
.timeline td.n{display:inline-block;padding-right:.6rem}
.bar{margin-top:.2rem;margin-bottom:.2rem}
}
`
