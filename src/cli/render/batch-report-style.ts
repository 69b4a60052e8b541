/** What the page of a batch has besides that of a run. */
export const batchReportStyle = `
.alarm{border:2px solid var(--bad)}
.needs{list-style:none;padding:0}
.needs li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--warn);border-radius:.4rem;padding:.5rem .8rem;margin:.4rem 0}
.needs li.bad{border-left-color:var(--bad)}
.command{display:inline-block;background:var(--bg);border:1px solid var(--line);border-radius:.3rem;padding:.05rem .45rem;user-select:all}
.claim{border-left:3px dashed var(--warn);padding-left:.8rem;margin:.9rem 0}
.claim h3 .soft{font-weight:400;font-size:.85rem}
td ul{margin:0;padding-left:1.1rem}
td code,li code{overflow-wrap:anywhere}
.verified th:nth-child(1){width:30%}.verified th:nth-child(2){width:8rem}.verified th:nth-child(4){width:12rem}.verified th:nth-child(5){width:4.5rem}
.items th:nth-child(1){width:30%}.items th:nth-child(2){width:20%}.items th:nth-child(3){width:5.6rem}.items th:nth-child(4){width:3.8rem}
.tries th:nth-child(1){width:5.2rem}.tries th:nth-child(2){width:8rem}.tries th:nth-child(3){width:10rem}
.iterations th:nth-child(1){width:12rem}.iterations th:nth-child(2){width:9rem}.iterations th:nth-child(3){width:8rem}
.durations th:nth-child(8){width:22%}
.night th:nth-child(1){width:11rem}
summary{font-weight:600}
@media print{details::details-content{content-visibility:visible;block-size:auto}}
@media (max-width:46rem){
.items td,.durations td,.agents td{display:inline-block;margin-right:.9rem}.items td:first-child,.items td:nth-child(2),.durations td:first-child,.durations td:last-child,.agents td:first-child{display:block}
}
`
